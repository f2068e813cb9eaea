//! Instants and time zones, by the IANA database that is compiled in, so that every machine gives the same answer.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Whether this is a place of the time zone database.
pub fn is_timezone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Reads an instant, `2026-02-01T10:00:00Z` or with another offset; without an offset it is in the zone (UTC if none). Microseconds since
/// 1970-01-01T00:00:00Z.
pub fn read_time(text: &str, zone: Option<&str>) -> Option<i64> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_microsecond());
    }
    let local = text.parse::<DateTime>().ok()?;
    let zone = zone.map_or(Ok(TimeZone::UTC), TimeZone::get).ok()?;
    zone.to_ambiguous_zoned(local).unambiguous().ok().map(|zoned| zoned.timestamp().as_microsecond())
}
