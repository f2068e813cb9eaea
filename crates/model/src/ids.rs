//! Indices into the model's lists. Each is an index into the `Vec` of the same name in [`crate::Model`].

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as a `usize`.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression in [`crate::Exprs`].
    ExprId
    /// An entity.
    EntityId
    /// A picklist: of a field, or of the words an attribute takes.
    PickId
    /// A list.
    ListId
    /// A decision.
    DecisionId
    /// A named decision set, table or tree.
    SetId
    /// An action.
    ActionId
    /// A metric.
    MetricId
    /// A builtin function, by its place in the table of `kamrules-builtins`.
    FunctionId
}

/// A field of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId {
    /// The entity.
    pub entity: EntityId,
    /// The field's index in it.
    pub index: u32,
}

/// The rows an expression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ctx {
    /// No row: the expression has one value in the whole policy.
    Policy,
    /// The rows of an entity.
    Entity(EntityId),
    /// The groups of a metric.
    Group(MetricId),
}

impl Ctx {
    /// The entity whose rows it is, if it is an entity's.
    pub fn entity(self) -> Option<EntityId> {
        match self {
            Self::Entity(entity) => Some(entity),
            Self::Policy | Self::Group(_) => None,
        }
    }
}
