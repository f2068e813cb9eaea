//! What an expression gives when some of what it is made of is known: constants, `today`, and whatever the caller says.

use crate::Place;
use crate::scope::Scope;
use kamrules_builtins::{Env, Kind};
use kamrules_model::{ExprId, FunctionId, Model, Node, Type, Value, arith};

impl Scope<'_> {
    /// The value of an expression that is written out, or computed from nothing but what is.
    pub fn constant(&self, expr: ExprId) -> Option<Value> {
        self.compute(&self.place(&[], expr), &|_| None)
    }

    /// The value of arithmetic and functions over constants and over the places whose value is said.
    pub fn compute(&self, at: &Place, said: &dyn Fn(&Place) -> Option<Value>) -> Option<Value> {
        if let Some(value) = said(at) {
            return Some(value);
        }
        let (kind, kind_of) = (self.ty(at.expr).kind, |expr: ExprId| self.ty(expr).kind);
        let inside = |expr: ExprId| self.compute(&self.inside(at, expr), said);
        match self.node(at.expr) {
            Node::Const(value) => Some(value.clone()),
            Node::Today => self.setting.as_of.map(|day| Value::Date(day.0)),
            Node::Negate(a) => arith::negate(&inside(*a)?).ok(),
            Node::Rescale(a) => arith::rescale_value(&inside(*a)?, kind_of(*a), kind).ok(),
            Node::Arith(op, a, b) => {
                let (x, y) = (inside(*a)?, inside(*b)?);
                arith::arith(*op, (&x, kind_of(*a)), (&y, kind_of(*b)), kind).ok().flatten()
            }
            Node::Call(function, args) => {
                let given: Vec<Value> = args.iter().map(|&arg| inside(arg)).collect::<Option<_>>()?;
                let kinds: Vec<Type> = args.iter().map(|&arg| kind_of(arg)).collect();
                call(self.setting.model, *function, &given, &kinds, kind)
            }
            _ => None,
        }
    }
}

/// What a function gives for values of these types.
pub(crate) fn call(model: &Model, function: FunctionId, given: &[Value], kinds: &[Type], gives: Type) -> Option<Value> {
    let Kind::Scalar(scalar) = &kamrules_builtins::get(function).kind else { return None };
    let settings = &model.settings;
    let env = Env { calendar: &settings.calendar, timezone: settings.timezone.as_deref(), texts: &model.texts };
    let args: Vec<(&Value, Type)> = given.iter().zip(kinds.iter().copied()).collect();
    (scalar.call)(&env, &args, gives).ok().flatten()
}
