//! A sheet's cells: which column is which, and what stands in each row.

use super::SheetError;
use imsys_domain::text::shown;

/// Most rows beside the header.
pub(super) const ROWS_MOST: usize = 5_000;
/// Most columns.
const COLUMNS_MOST: usize = 64;
/// Most characters of a cell.
const CELL_MOST: usize = 500;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Kind,
    Username,
    Address,
    Mac,
    Interface,
    Vrf,
    Router,
    Customer,
    Plan,
}

impl Column {
    const ALL: [Self; 9] = [
        Self::Kind,
        Self::Username,
        Self::Address,
        Self::Mac,
        Self::Interface,
        Self::Vrf,
        Self::Router,
        Self::Customer,
        Self::Plan,
    ];

    /// What people call it, without case, spaces and marks; the first is its own name.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Kind => &["kind", "type", "servicetype"],
            Self::Username => &["username", "user", "login", "pppname", "pppoe", "account", "secret"],
            Self::Address => &["address", "ip", "ipaddress", "ipv4", "ipv4address"],
            Self::Mac => &["mac", "macaddress", "hwaddress"],
            Self::Interface => &["interface", "iface", "port", "vlan"],
            Self::Vrf => &["vrf", "routingtable"],
            Self::Router => &["router", "routerid", "routername", "nas"],
            Self::Customer => &["customer", "customername", "customerid", "client", "subscriber", "name"],
            Self::Plan => &["plan", "planname", "planid", "package", "tariff"],
        }
    }

    fn of(header: &str) -> Option<Self> {
        let plain: String =
            header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Self::ALL.into_iter().find(|column| column.names().contains(&plain.as_str()))
    }
}

/// One row; an empty cell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cells {
    /// Its line in the file.
    pub(super) row: u64,
    cells: [Option<String>; 9],
    /// What is wrong with the row as such.
    pub(super) problem: Option<String>,
}

impl Cells {
    pub(super) fn get(&self, column: Column) -> Option<&str> {
        self.cells.get(column as usize)?.as_deref()
    }

    pub(super) fn text(&self, column: Column) -> Option<String> {
        self.get(column).map(str::to_owned)
    }
}

/// A sheet that could be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) rows: Vec<Cells>,
    /// Columns whose name says nothing here.
    pub(super) ignored: Vec<String>,
}

/// Reads a file whose first row names its columns; `,`, `;` or a tab stands between cells.
///
/// # Errors
/// What is wrong with the file as such, in words. What is wrong with a row stands in the row.
pub(super) fn read(text: &str) -> Result<Sheet, SheetError> {
    let Begin { skipped, delimiter } = begin(text);
    let table = text.get(skipped..).unwrap_or_default();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(table.as_bytes());
    let header: Vec<String> =
        reader.headers().map_err(|_| broken())?.iter().map(|name| shown(name.trim(), 60)).collect();
    let columns = columns(&header)?;
    let ignored = header.iter().zip(&columns).filter(|(name, column)| column.is_none() && !name.is_empty());
    let ignored = ignored.map(|(name, _)| name.clone()).collect();
    let (mut rows, mut lines) = (Vec::new(), Lines { text, to: 0, line: 1 });
    for record in reader.records() {
        let record = record.map_err(|_| broken())?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == ROWS_MOST {
            return Err(refuse(format!(
                "The file has more than {ROWS_MOST} rows: split it into several files."
            )));
        }
        let line = lines.of(skipped as u64 + record.position().map_or(0, csv::Position::byte));
        rows.push(row(&record, line, &columns));
    }
    if rows.is_empty() {
        return Err(refuse("There is no row below the header.".into()));
    }
    Ok(Sheet { rows, ignored })
}

/// Where the header begins, and what stands between cells.
struct Begin {
    /// Bytes before the header.
    skipped: usize,
    delimiter: u8,
}

/// Passes over blank lines before the header and a line `sep=;`, with which spreadsheets name the separator;
/// without one it is what most often stands between the names of the header.
fn begin(text: &str) -> Begin {
    let (mut skipped, mut named) = (0, None);
    for line in text.split_inclusive(['\r', '\n']) {
        let content = line.trim_matches(['\r', '\n', ' ', '"']);
        let word = content.get(..4).filter(|word| word.eq_ignore_ascii_case("sep="));
        if let (Some(_), None) = (word, named) {
            named =
                content.as_bytes().get(4).copied().filter(|mark| mark.is_ascii_punctuation()).or(Some(b'\t'));
        } else if content.chars().any(|c| !c.is_whitespace() && !matches!(c, ',' | ';')) {
            let count = |mark: &u8| line.bytes().filter(|byte| byte == mark).count();
            let usual = || [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',');
            return Begin { skipped, delimiter: named.unwrap_or_else(usual) };
        }
        skipped += line.len();
    }
    Begin { skipped, delimiter: b',' }
}

fn columns(header: &[String]) -> Result<Vec<Option<Column>>, SheetError> {
    if header.len() > COLUMNS_MOST {
        return Err(refuse(format!("The file has more than {COLUMNS_MOST} columns.")));
    }
    let columns: Vec<_> = header.iter().map(|name| Column::of(name)).collect();
    for column in Column::ALL {
        if columns.iter().filter(|other| **other == Some(column)).count() > 1 {
            let name = column.names().first().copied().unwrap_or_default();
            return Err(refuse(format!("Two columns mean `{name}`: remove or rename one of them.")));
        }
    }
    let has = |wanted| columns.contains(&Some(wanted));
    let by_dhcp = has(Column::Kind) && has(Column::Mac);
    if !has(Column::Username) && !has(Column::Address) && !by_dhcp {
        return Err(refuse(
            "The first row must name the columns: kind, username, address, mac, interface, vrf, router, \
             customer, plan. A column `address` or `username` is needed, or `kind` and `mac` for services by DHCP."
                .into(),
        ));
    }
    Ok(columns)
}

/// Counts lines as an editor does: CR LF, LF and CR each end one. The reader's own count is of where the record before ended, which blank
/// lines and CR LF make another one.
struct Lines<'a> {
    text: &'a str,
    /// Up to this byte they are counted.
    to: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins behind `byte`; asked in their order.
    fn of(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len());
        let ends = bytes.iter().skip(byte).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let fresh = bytes.get(self.to..byte + ends).unwrap_or_default();
        let marks = fresh.iter().scan(0, |before, byte| {
            let is_end = *byte == b'\r' || (*byte == b'\n' && *before != b'\r');
            *before = *byte;
            Some(is_end)
        });
        self.line += marks.filter(|is_end| *is_end).count() as u64;
        self.to = self.to.max(byte + ends);
        self.line
    }
}

fn row(record: &csv::StringRecord, line: u64, columns: &[Option<Column>]) -> Cells {
    let mut cells = Cells { row: line, ..Cells::default() };
    if record.len() > columns.len() {
        cells.problem = Some(format!(
            "It has {} cells, and the header {}: put cells that hold the separator in quotes.",
            record.len(),
            columns.len()
        ));
        return cells;
    }
    for (cell, column) in record.iter().zip(columns) {
        let Some(column) = column else { continue };
        if cell.chars().count() > CELL_MOST {
            cells.problem = Some(format!("A cell has more than {CELL_MOST} characters."));
            return cells;
        }
        if let Some(slot) = cells.cells.get_mut(*column as usize) {
            *slot = Some(plain(cell, *column)).filter(|text| !text.is_empty()).map(str::to_owned);
        }
    }
    cells
}

/// A cell without the apostrophe with which lists of this program are disarmed. A PPP name is kept byte
/// for byte.
fn plain(cell: &str, column: Column) -> &str {
    let text = if column == Column::Username { cell } else { cell.trim() };
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => text,
    }
}

fn broken() -> SheetError {
    refuse("The file cannot be read: save it as CSV and choose it again.".into())
}

fn refuse(detail: String) -> SheetError {
    SheetError::Unreadable(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_many_names_and_in_any_order() {
        for text in [
            "kind,address,MAC Address,router\nstatic,10.0.0.2,AA:BB:CC:00:11:22,hill\n",
            "Router;IP;mac_address;Type\r\nhill;10.0.0.2;AA:BB:CC:00:11:22;static\r\n",
            "nas\tip-address\tmac\tkind\nhill\t10.0.0.2\tAA:BB:CC:00:11:22\tstatic",
        ] {
            let sheet = read(text).unwrap();
            let row = &sheet.rows[0];
            let cells =
                [Column::Kind, Column::Address, Column::Mac, Column::Router].map(|c| row.get(c).unwrap());
            assert_eq!(cells, ["static", "10.0.0.2", "AA:BB:CC:00:11:22", "hill"], "{text}");
            assert_eq!((row.row, &row.problem, sheet.rows.len()), (2, &None, 1));
        }
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_in_words() {
        let many = format!("address\n{}", "10.0.0.2\n".repeat(ROWS_MOST + 1));
        for (text, said) in [
            ("", "must name the columns"),
            ("a,b\n1,2\n", "must name the columns"),
            ("address,ip\n1,2\n", "Two columns mean `address`"),
            ("address\n", "no row below"),
            (many.as_str(), "more than 5000 rows"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(said), "{text:.20}: {error}");
        }
    }

    #[test]
    fn rows_keep_their_line_and_unknown_columns_are_told() {
        let sheet = read("address,remark\n\n10.0.0.2,x\n,\n\"10.0.0.3\",\"a,b\"\n1,2,3\n").unwrap();
        assert_eq!(sheet.ignored, ["remark"]);
        assert_eq!(sheet.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 5, 6]);
        assert!(sheet.rows[2].problem.as_ref().unwrap().contains("3 cells"));
    }

    #[test]
    fn a_file_may_begin_with_its_separator_or_with_blank_lines() {
        for text in [
            "sep=;\r\n\r\naddress;customer\r\n10.0.0.2;a,b\r\n",
            "\n\naddress;customer\n10.0.0.2;a,b\n",
            ";;\r\n;;\r\naddress;customer\r\n10.0.0.2;a,b\r\n",
            "\"sep=;\"\r\raddress;customer\r10.0.0.2;a,b\r",
            "SEP=|\n\naddress|customer\n10.0.0.2|a,b\n",
        ] {
            let sheet = read(text).unwrap();
            let row = &sheet.rows[0];
            assert_eq!(row.get(Column::Customer), Some("a,b"), "{text:?}");
            assert_eq!((row.row, sheet.rows.len()), (4, 1), "{text:?}");
        }
        let tabs = read("sep=\t\naddress\tcustomer\n10.0.0.2\ta\n").unwrap();
        assert_eq!(tabs.rows[0].get(Column::Customer), Some("a"));
    }

    #[test]
    fn lines_that_end_with_cr_alone_are_counted_too() {
        let sheet = read("address\r10.0.0.2\r\r1,2\r").unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4]);
        assert!(sheet.rows[1].problem.is_some());
    }

    #[test]
    fn a_disarmed_cell_is_itself_again_and_a_name_keeps_its_spaces() {
        let sheet = read("username,customer\n'+254700, '=x \n'ana,\"'\"\n a ,b\n").unwrap();
        let names: Vec<_> = sheet.rows.iter().map(|row| row.get(Column::Username).unwrap()).collect();
        assert_eq!(names, ["+254700", "'ana", " a "]);
        assert_eq!(sheet.rows[0].get(Column::Customer), Some("=x"));
    }
}
