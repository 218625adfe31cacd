//! Failing runs that were kept: rows of inputs, one line a cycle, hexadecimal, in port order.

use std::fmt::Write as _;
use std::path::PathBuf;

/// Of lockstep: `DESIGN-NAME.rows`.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/regressions/lockstep"))
}

/// Writes the shrunk rows of a failing run, to be committed with the fix.
pub fn keep(design: &str, seed: u64, what: &str, rows: &[Vec<u128>]) -> std::io::Result<PathBuf> {
    let mut text = format!("# {design}, seed {seed:#x}: {what}\n");
    for row in rows {
        let values: Vec<String> = row.iter().map(|v| format!("{v:x}")).collect();
        writeln!(text, "{}", values.join(" ")).expect("a string takes all");
    }
    std::fs::create_dir_all(folder())?;
    let path = folder().join(format!("{design}-{seed:x}.rows"));
    std::fs::write(&path, text)?;
    Ok(path)
}

/// One kept run.
pub struct Kept {
    pub design: String,
    pub name: String,
    pub rows: Vec<Vec<u128>>,
}

/// All kept runs. A file that cannot be read is an error that says where.
pub fn read() -> Result<Vec<Kept>, String> {
    let Ok(entries) = std::fs::read_dir(folder()) else { return Ok(vec![]) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "rows"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let design = name.split('-').next().unwrap_or("").to_owned();
            let rows = parse(&text).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(Kept { design, name, rows })
        })
        .collect()
}

fn parse(text: &str) -> Result<Vec<Vec<u128>>, String> {
    let lines = text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty());
    lines
        .map(|(n, line)| {
            let value = |v: &str| u128::from_str_radix(v, 16).map_err(|e| format!("line {}: {v}: {e}", n + 1));
            line.split(' ').map(value).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn rows_are_hexadecimal_and_comments_are_skipped() {
        assert_eq!(parse("# x\n0 ff\n1 a\n").unwrap(), [vec![0, 255], vec![1, 10]]);
        assert!(parse("0 zz").unwrap_err().starts_with("line 1: zz"));
    }
}
