//! Which character stands between the cells, told from the first lines.

use super::number;

/// So many lines are enough.
const LINES: usize = 50;

/// The delimiter of a text that begins so; `complete` if that is all of it. A space stands for white space.
///
/// It is the first of tab, `;`, `,` and white space that parts every line into the same number of cells, two at least.
/// If none does, the lines are ragged or of one cell each: the delimiter most frequent in the first line then, so that
/// the complaint names the right cells; and white space only between numbers, for a header may be of several words.
pub(super) fn delimiter(head: &[u8], complete: bool) -> u8 {
    let head = String::from_utf8_lossy(head);
    let lines: Vec<&str> = head.lines().collect();
    let whole = if complete || lines.len() < 2 { &lines[..] } else { &lines[..lines.len() - 1] };
    let told = |line: &&&str| !line.trim().is_empty() && !line.starts_with('#');
    let sample: Vec<&str> = whole.iter().filter(told).take(LINES).copied().collect();
    let Some(first) = sample.first() else { return b',' };

    let numbers = first.split_whitespace().all(number::is_number);
    let even = b"\t;, ".iter().find(|&&delimiter| {
        let widths = widths(&sample, delimiter);
        widths[0] > 1 && widths.iter().all(|&width| width == widths[0])
    });
    let most =
        || *b",;\t".iter().rev().max_by_key(|&&delimiter| widths(&[first], delimiter)[0]).expect("three of them");
    match even {
        Some(&delimiter) => delimiter,
        None if numbers && widths(&[first], b' ')[0] > 1 => b' ',
        None => most(),
    }
}

/// The number of cells in each line.
fn widths(lines: &[&str], delimiter: u8) -> Vec<usize> {
    if delimiter == b' ' {
        return lines.iter().map(|line| line.split_whitespace().count()).collect();
    }
    let text = lines.join("\n");
    let mut records = csv::ReaderBuilder::new();
    let mut records = records.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::ByteRecord::new();
    let mut widths = Vec::new();
    while let Ok(true) = records.read_byte_record(&mut record) {
        widths.push(record.len());
    }
    if widths.is_empty() { vec![0] } else { widths }
}
