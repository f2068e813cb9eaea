//! The policy's calendar: which days a year, quarter, month or week holds, and what each is called.

use kamrules_base::Date;

/// Lengths of period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum Grain {
    Year,
    Quarter,
    Month,
    Week,
}

impl Grain {
    /// Reads a grain word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "year" => Some(Self::Year),
            "quarter" => Some(Self::Quarter),
            "month" => Some(Self::Month),
            "week" => Some(Self::Week),
            _ => None,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
        }
    }
}

/// A run of consecutive years, quarters, months or weeks; mostly of one.
///
/// The number of a year is its name; of a quarter year × 4 + quarter − 1; of a month year × 12 + month − 1 (the calendar's
/// month, or the fiscal one in a calendar of weeks); of a week how many Mondays lie between it and 1969-12-29.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The length of each.
    pub grain: Grain,
    /// The number of the first.
    pub first: i32,
    /// The number of the last.
    pub last: i32,
}

impl Period {
    /// A single period.
    pub const fn one(grain: Grain, number: i32) -> Self {
        Self { grain, first: number, last: number }
    }

    /// The run of the same length `by` such runs later.
    pub fn shift(self, by: i32) -> Option<Self> {
        let step = (self.last - self.first + 1).checked_mul(by)?;
        let limit = |n: i32| (-1_000_000..=1_000_000).contains(&n).then_some(n);
        Some(Self { grain: self.grain, first: limit(self.first.checked_add(step)?)?, last: limit(self.last.checked_add(step)?)? })
    }
}

/// How the policy counts its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// The month the fiscal year starts in (1 to 12).
    pub start_month: u32,
    /// Whether a year is named by the calendar year it ends in.
    pub named_by_end: bool,
    /// In a calendar of weeks, how many a quarter's months have. Its year starts on the Monday nearest to the first of the start month.
    pub weeks: Option<[u32; 3]>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { start_month: 1, named_by_end: true, weeks: None }
    }
}

const WEEK: i32 = 7;
const EPOCH_MONDAY: i32 = -3; // 1969-12-29

impl Calendar {
    /// The first and last day of a run; `None` outside years 1 to 9999.
    pub fn bounds(&self, period: Period) -> Option<(Date, Date)> {
        let start = self.start(period.grain, period.first)?;
        let next = self.start(period.grain, period.last.checked_add(1)?)?;
        Some((start, next.add_days(-1)?))
    }

    /// The first day of the period with this number.
    fn start(&self, grain: Grain, number: i32) -> Option<Date> {
        match (grain, self.weeks) {
            (Grain::Week, _) => Date(EPOCH_MONDAY).add_days(i64::from(number) * i64::from(WEEK)),
            (Grain::Month, None) => Date::from_ymd(number.div_euclid(12), number.rem_euclid(12) as u32 + 1, 1),
            (Grain::Year, _) => self.year_start(number),
            (Grain::Quarter, None) => self.year_start(number.div_euclid(4))?.add_months(3 * i64::from(number.rem_euclid(4))),
            (Grain::Quarter, Some(_)) => {
                let week = 13 * i64::from(number.rem_euclid(4));
                self.year_start(number.div_euclid(4))?.add_days(week * i64::from(WEEK))
            }
            (Grain::Month, Some(pattern)) => {
                let month = number.rem_euclid(12) as u32;
                let week = 13 * (month / 3) + pattern.iter().take((month % 3) as usize).sum::<u32>();
                self.year_start(number.div_euclid(12))?.add_days(i64::from(week) * i64::from(WEEK))
            }
        }
    }

    fn year_start(&self, year: i32) -> Option<Date> {
        let starts_before = self.named_by_end && self.start_month > 1;
        let first = Date::from_ymd(if starts_before { year.checked_sub(1)? } else { year }, self.start_month, 1)?;
        if self.weeks.is_none() {
            return Some(first);
        }
        let weekday = i64::from(first.weekday());
        first.add_days(if weekday <= 3 { -weekday } else { 7 - weekday })
    }

    /// The period of a grain that holds a day; `None` at the ends of the calendar.
    pub fn period_of(&self, grain: Grain, day: Date) -> Option<Period> {
        let number = match (grain, self.weeks) {
            (Grain::Week, _) => (day.0 - EPOCH_MONDAY).div_euclid(WEEK),
            (Grain::Month, None) => {
                let (year, month, _) = day.ymd();
                year * 12 + month as i32 - 1
            }
            (Grain::Year, _) => self.year_number(day)?,
            (Grain::Quarter, _) => self.find(grain, self.year_number(day)? * 4, 4, day)?,
            (Grain::Month, Some(_)) => self.find(grain, self.year_number(day)? * 12, 12, day)?,
        };
        Some(Period::one(grain, number))
    }

    fn year_number(&self, day: Date) -> Option<i32> {
        let guess = day.ymd().0;
        (guess - 1..=guess + 2).rev().find(|&year| self.year_start(year).is_some_and(|start| start <= day))
    }

    fn find(&self, grain: Grain, first: i32, count: i32, day: Date) -> Option<i32> {
        (first..first + count).rev().find(|&number| self.start(grain, number).is_some_and(|start| start <= day))
    }

    /// The periods of a grain that make up a run. A week belongs where its Thursday lies; in a calendar of weeks nothing is cut.
    pub fn parts(&self, whole: Period, grain: Grain) -> Option<Vec<Period>> {
        let (start, end) = self.bounds(whole)?;
        let shift = if grain == Grain::Week { 3 } else { 0 };
        let first = self.period_of(grain, start.add_days(-shift).unwrap_or(start))?;
        let last = self.period_of(grain, end)?;
        let inside = |number: &i32| {
            let probe = self.start(grain, *number).and_then(|day| day.add_days(shift));
            probe.is_some_and(|day| start <= day && day <= end)
        };
        Some((first.first..=last.last).filter(inside).map(|number| Period::one(grain, number)).collect())
    }

    /// What a period is called: `FY2026`, `FY2026-Q1`, `2026-02`, `2026-W05`; a run as `FY2025..FY2026`.
    pub fn name(&self, period: Period) -> String {
        let first = self.name_one(period.grain, period.first);
        if period.first == period.last { first } else { format!("{first}..{}", self.name_one(period.grain, period.last)) }
    }

    fn name_one(&self, grain: Grain, number: i32) -> String {
        match grain {
            Grain::Year => format!("FY{number:04}"),
            Grain::Quarter => format!("FY{:04}-Q{}", number.div_euclid(4), number.rem_euclid(4) + 1),
            Grain::Month => format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Grain::Week => self.name_week(number),
        }
    }

    fn name_week(&self, number: i32) -> String {
        let named = || {
            let monday = self.start(Grain::Week, number)?;
            if self.weeks.is_some() {
                let year = self.year_number(monday)?;
                let week = (monday.0 - self.year_start(year)?.0) / WEEK + 1;
                return Some(format!("FY{year:04}-W{week:02}"));
            }
            let thursday = monday.add_days(3)?;
            let (year, _, _) = thursday.ymd();
            let week = (thursday.0 - Date::from_ymd(year, 1, 1)?.0) / WEEK + 1;
            Some(format!("{year:04}-W{week:02}"))
        };
        named().unwrap_or_else(|| format!("week {number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JULY: Calendar = Calendar { start_month: 7, named_by_end: true, weeks: None };
    const RETAIL: Calendar = Calendar { start_month: 2, named_by_end: false, weeks: Some([4, 5, 4]) };

    fn span(calendar: &Calendar, period: Period) -> String {
        let (start, end) = calendar.bounds(period).expect("bounds");
        format!("{start} {end}")
    }

    #[test]
    fn a_year_that_starts_in_july_is_named_by_its_end() {
        let fy = Period::one(Grain::Year, 2020);
        assert_eq!(span(&JULY, fy), "2019-07-01 2020-06-30");
        let quarters = JULY.parts(fy, Grain::Quarter).expect("quarters");
        assert_eq!(span(&JULY, quarters[3]), "2020-04-01 2020-06-30");
        assert_eq!(JULY.name(quarters[3]), "FY2020-Q4");
        let months: Vec<_> = JULY.parts(fy, Grain::Month).expect("months").into_iter().map(|m| JULY.name(m)).collect();
        assert_eq!((months.len(), months[0].as_str(), months[11].as_str()), (12, "2019-07", "2020-06"));
    }

    #[test]
    fn iso_weeks_belong_to_the_year_of_their_thursday() {
        let calendar = Calendar::default();
        let weeks = calendar.parts(Period::one(Grain::Year, 2020), Grain::Week).expect("weeks");
        assert_eq!(weeks.len(), 53);
        assert_eq!(span(&calendar, weeks[0]), "2019-12-30 2020-01-05");
        assert_eq!(calendar.name(weeks[52]), "2020-W53");
    }

    #[test]
    fn weeks_of_a_retail_year_tile_it() {
        for year in 1990..2060 {
            let whole = Period::one(Grain::Year, year);
            for grain in [Grain::Quarter, Grain::Month, Grain::Week] {
                let parts = RETAIL.parts(whole, grain).expect("parts");
                let mut day = RETAIL.bounds(whole).expect("year").0;
                for part in &parts {
                    let (start, end) = RETAIL.bounds(*part).expect("part");
                    assert_eq!(start, day);
                    assert_eq!(RETAIL.period_of(grain, start), Some(*part));
                    assert_eq!(RETAIL.period_of(grain, end), Some(*part));
                    day = end.add_days(1).expect("day");
                }
                assert_eq!(day, RETAIL.bounds(whole).expect("year").1.add_days(1).expect("day"));
            }
        }
    }

    #[test]
    fn every_day_lies_in_the_period_that_is_its_own() {
        for calendar in [Calendar::default(), JULY, RETAIL] {
            for day in (0..40_000).step_by(11).map(Date) {
                for grain in [Grain::Year, Grain::Quarter, Grain::Month, Grain::Week] {
                    let period = calendar.period_of(grain, day).expect("period");
                    let (start, end) = calendar.bounds(period).expect("bounds");
                    assert!(start <= day && day <= end);
                }
            }
        }
    }
}
