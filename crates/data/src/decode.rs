//! Bytes to text: which encoding a file has, and where it breaks it.

use encoding_rs::{DecoderResult, Encoding, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Why a file's bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoText {
    /// A byte that UTF-8 does not allow; the text before it is sound.
    NotUtf8 {
        /// The sound text before it.
        before: String,
        /// The byte.
        byte: u8,
    },
    /// UTF-16 with a broken character; the text before it is sound.
    NotUtf16 {
        /// The sound text before it.
        before: String,
    },
    /// A NUL character inside a text; the text before it is sound.
    Nul {
        /// The sound text before it.
        before: String,
    },
    /// Another kind of file; its name, for people.
    Binary(&'static str),
}

/// The text of a file: UTF-8 or UTF-16, with or without a byte order mark.
///
/// # Errors
/// What breaks the encoding. Nothing is guessed: a file in an old Windows or Mac encoding is refused.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NoText> {
    if let Some(kind) = known_binary(bytes) {
        return Err(NoText::Binary(kind));
    }
    let text = match utf16(bytes) {
        Some((encoding, start)) => decode_utf16(encoding, &bytes[start..]).map(Cow::Owned)?,
        None => decode_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map(Cow::Borrowed)?,
    };
    if let Some(kind) = known_markup(&text) {
        return Err(NoText::Binary(kind));
    }
    match text.find('\0') {
        Some(_) if is_binary(text.as_bytes()) => Err(NoText::Binary(NO_TEXT)),
        Some(at) => Err(NoText::Nul { before: text[..at].to_owned() }),
        None => Ok(text),
    }
}

const NO_TEXT: &str = "a file that is no text";

/// Whether bytes are not meant as text: more than one in thirty of the first is a control character that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(8192)];
    let odd = |byte: &&u8| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b | 0x1f);
    let odds = sample.iter().filter(odd).count();
    odds > 3 && odds * 30 > sample.len()
}

/// The part of a file's first bytes that does not end in the middle of a character.
pub fn sound_start(bytes: &[u8]) -> &[u8] {
    if utf16(bytes).is_some() {
        let even = bytes.len() & !1;
        let last = &bytes[even.saturating_sub(2)..even];
        let half = last.iter().any(|byte| (0xd8..0xdc).contains(byte));
        return &bytes[..if half { even - 2 } else { even }];
    }
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 13] = [
        (b"PK\x03\x04", "an Excel workbook or a zip file"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"PAR1", "a Parquet file"),
        (b"ARROW1", "an Arrow file"),
        (b"\x1f\x8b", "a gzip file"),
        (b"%PDF-", "a PDF document"),
        (b"{\\rtf", "a text document (RTF)"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"SQLite format 3", "a database file"),
        (b"\xff\xfe\0\0", "text in UTF-32"),
        (b"\0\0\xfe\xff", "text in UTF-32"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

/// What programs save as a table that is none: a web page or XML.
fn known_markup(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let starts = |word: &&str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if ["<?xml", "<workbook", "<ss:workbook"].iter().any(&starts) {
        return Some("an XML file");
    }
    ["<!doctype", "<html", "<head", "<body", "<table", "<meta", "<script"].iter().any(starts).then_some("a web page (HTML)")
}

/// The UTF-16 a file is in and where its text starts; told by the mark, or by zeros in every other byte.
fn utf16(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(1024)];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    match pairs {
        0 | 1 => None,
        _ if odd * 10 >= pairs * 7 && even * 10 < pairs => Some((UTF_16LE, 0)),
        _ if even * 10 >= pairs * 7 && odd * 10 < pairs => Some((UTF_16BE, 0)),
        _ => None,
    }
}

fn decode_utf8(bytes: &[u8]) -> Result<&str, NoText> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) if is_binary(bytes) => Err(NoText::Binary(NO_TEXT)),
        Err(error) => {
            let sound = error.valid_up_to();
            let before = String::from_utf8_lossy(&bytes[..sound]).into_owned();
            Err(NoText::NotUtf8 { before, byte: bytes[sound] })
        }
    }
}

fn decode_utf16(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, NoText> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len()));
    match decoder.decode_to_string_without_replacement(bytes, &mut out, true) {
        (DecoderResult::InputEmpty, _) => Ok(out),
        _ => Err(NoText::NotUtf16 { before: out }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_of(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "id,name\r\n1,Zürich 東京\r\n";
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()),
            marked(b"\xff\xfe", utf16_of(text, true)),
            marked(b"\xfe\xff", utf16_of(text, false)),
            utf16_of(text, true),
            utf16_of(text, false),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        assert_eq!(decode(b"a,b\nZ\xfcrich"), Err(NoText::NotUtf8 { before: "a,b\nZ".into(), byte: 0xfc }));
        let mut broken = utf16_of("id,name\n1,x", true);
        broken.pop();
        assert_eq!(decode(&broken), Err(NoText::NotUtf16 { before: "id,name\n1,".into() }));
        assert!(matches!(decode(b"PK\x03\x04rest"), Err(NoText::Binary(_))));
        assert_eq!(decode(b"a\0b"), Err(NoText::Nul { before: "a".into() }));
        for bytes in [
            &b"\x89PNG\r\n"[..],
            b"\xff\xfe\0\0i\0\0\0",
            b"\x01\x02\x00\x00\x05\x06\xfe\xff",
            b"\n <!DOCTYPE html><html>",
            b"\xef\xbb\xbf<?xml version=\"1.0\"?>",
        ] {
            assert!(matches!(decode(bytes), Err(NoText::Binary(_))), "{bytes:?}");
        }
    }

    #[test]
    fn the_start_of_a_file_ends_with_a_whole_character() {
        assert_eq!(sound_start("aé".as_bytes().split_at(2).0), b"a");
        assert_eq!(sound_start(b"a\xfc,"), b"a\xfc,");
        let wide = [&b"\xff\xfe"[..], &utf16_of("ab😀", true)].concat();
        assert_eq!(sound_start(&wide[..wide.len() - 2]).len(), 6);
        assert_eq!(sound_start(&wide[..5]).len(), 4);
    }
}
