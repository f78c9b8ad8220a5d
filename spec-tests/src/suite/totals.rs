//! The two lists that are checked in: how many directives each file has, and which directives are
//! skipped and why.

use std::collections::BTreeMap;

/// Number of directives by file, `group/name`.
///
/// The counts are compared with what a run finds: a file that goes missing, a new file, or a script
/// of which the parser suddenly sees less must not pass for a success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(pub BTreeMap<String, u64>);

impl Totals {
    /// The list that is checked in.
    pub const CHECKED_IN: &'static str = include_str!("../../data/totals.txt");

    /// Reads lines of `group/name count`; lines that begin with `#` are comments.
    ///
    /// # Errors
    ///
    /// The first line that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut totals = BTreeMap::new();
        for line in lines(text) {
            let count = line.split_once(' ').and_then(|(file, count)| {
                totals.insert(file.to_string(), count.parse().ok()?);
                Some(())
            });
            count.ok_or(format!("not a total: {line:?}"))?;
        }
        Ok(Totals(totals))
    }

    /// The list as text.
    pub fn print(&self) -> String {
        let mut text =
            String::from("# Directives per file of the suite; written by `--write-totals`.\n");
        for (file, count) in &self.0 {
            text += &format!("{file} {count}\n");
        }
        text
    }

    /// What differs between this list and what was found.
    pub fn differences(&self, found: &Totals) -> Vec<String> {
        let mut differences = Vec::new();
        for (file, expected) in &self.0 {
            match found.0.get(file) {
                Some(count) if count == expected => {}
                Some(count) => {
                    differences.push(format!("{file}: {count} directives, expected {expected}"))
                }
                None => {
                    differences.push(format!("{file}: missing, expected {expected} directives"))
                }
            }
        }
        let unexpected = found.0.iter().filter(|(file, _)| !self.0.contains_key(*file));
        differences
            .extend(unexpected.map(|(file, count)| format!("{file}: new, {count} directives")));
        differences
    }
}

/// Directives that are skipped, by file and line, with the reason.
#[derive(Clone, Debug, Default)]
pub struct Skips(BTreeMap<(String, usize), String>);

impl Skips {
    /// The list that is checked in.
    pub const CHECKED_IN: &'static str = include_str!("../../data/skips.txt");

    /// Reads lines of `group/name:line reason`; lines that begin with `#` are comments.
    ///
    /// # Errors
    ///
    /// The first line that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut skips = BTreeMap::new();
        for line in lines(text) {
            let parsed = line.split_once(' ').and_then(|(place, reason)| {
                let (file, number) = place.split_once(':')?;
                skips.insert((file.to_string(), number.parse().ok()?), reason.trim().to_string());
                Some(())
            });
            parsed.ok_or(format!("not a skip: {line:?}"))?;
        }
        Ok(Skips(skips))
    }

    /// Why the directive at this place is skipped, if it is.
    pub fn reason(&self, file: &str, line: usize) -> Option<&str> {
        self.0.get(&(file.to_string(), line)).map(String::as_str)
    }

    /// Lines of a file that are skipped.
    pub fn lines_of<'a>(&'a self, file: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.0.keys().filter(move |(f, _)| f == file).map(|(_, line)| *line)
    }

    /// Number of skips.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is skipped.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_survive_printing_and_parsing() {
        let totals = Totals(BTreeMap::from([("v1/a.wast".into(), 3), ("v1/b.wast".into(), 0)]));
        assert_eq!(Totals::parse(&totals.print()), Ok(totals));
        assert!(Totals::parse("v1/a.wast three").is_err());
        assert!(Totals::parse("v1/a.wast").is_err());
    }

    #[test]
    fn every_kind_of_difference_is_reported() {
        let expected = Totals::parse("a 1\nb 2\nc 3").expect("well-formed");
        let found = Totals::parse("a 1\nb 1\nd 4").expect("well-formed");
        assert_eq!(expected.differences(&expected), Vec::<String>::new());
        assert_eq!(
            expected.differences(&found),
            [
                "b: 1 directives, expected 2",
                "c: missing, expected 3 directives",
                "d: new, 4 directives"
            ]
        );
    }

    #[test]
    fn skips_name_file_line_and_reason() {
        let skips = Skips::parse("# why\nv1/a.wast:12 the data is wrong").expect("well-formed");
        assert_eq!(skips.reason("v1/a.wast", 12), Some("the data is wrong"));
        assert_eq!(skips.reason("v1/a.wast", 13), None);
        assert!(Skips::parse("v1/a.wast reason").is_err());
    }

    #[test]
    fn at_most_twenty_directives_are_skipped() {
        let skips = Skips::parse(Skips::CHECKED_IN).expect("the list that is checked in");
        assert!(skips.len() <= 20, "{} skips", skips.len());
    }
}
