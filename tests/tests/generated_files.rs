//! The generated files in `tests/golden` are those that the tables give.
use std::path::Path;

use firstlight::capture;
use firstlight_spec::emit;

const REFRESH: &str = "cargo run --release -- export map tests/golden";

#[test]
fn golden_files_are_what_the_tables_give() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for (name, text) in emit::files() {
        let kept = std::fs::read_to_string(golden.join(name)).unwrap_or_default();
        let differing = kept.lines().zip(text.lines()).position(|(a, b)| a != b);
        let line = differing.map_or("its length differs".into(), |n| format!("line {} differs", n + 1));
        assert!(kept == text, "tests/golden/{name}: {line}. Refresh all with:\n  {REFRESH}\nand read the difference.");
    }
}

#[test]
fn the_shipped_capture_is_what_the_generator_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/roce.pcap");
    let kept = std::fs::read(path).unwrap_or_default();
    let refresh = "cargo run --release -- export capture -o tests/data/roce.pcap";
    assert!(
        kept == capture::write(&capture::roce::sample()),
        "tests/data/roce.pcap is old. Refresh it with:\n  {refresh}"
    );
}

#[test]
fn csr_csv_has_what_litex_tools_demand() {
    let csv = emit::csr_csv();
    let rows: Vec<Vec<&str>> = csv.lines().filter(|l| !l.starts_with('#')).map(|l| l.split(',').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == 5 && !row[0].is_empty()), "LiteX unpacks five fields of every row");
    for name in ["config_csr_data_width", "config_bus_address_width"] {
        assert!(rows.iter().any(|row| row[0] == "constant" && row[1] == name && row[2] == "32"), "{name}");
    }
    assert!(rows.iter().any(|row| row[..3] == ["csr_base", "identifier_mem", "0x00001400"]));
    for reg in firstlight_spec::regs::all() {
        let row = rows.iter().find(|row| row[0] == "csr_register" && row[1] == reg.name).expect(reg.name);
        assert_eq!(u32::from_str_radix(&row[2][2..], 16), Ok(reg.address()), "{}", reg.name);
        assert_eq!(row[3], reg.words.to_string(), "{}", reg.name);
    }
}

#[test]
fn registers_json_is_json_and_holds_every_register() {
    let json: serde_json::Value = serde_json::from_str(&emit::registers_json()).unwrap();
    let groups = json["groups"].as_array().unwrap();
    let names: Vec<&str> =
        groups.iter().flat_map(|g| g["registers"].as_array().unwrap()).map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, firstlight_spec::regs::all().map(|r| r.name).collect::<Vec<_>>());
}

#[test]
fn the_c_header_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("check.c");
    std::fs::write(folder.path().join("firstlight.h"), emit::c_header()).unwrap();
    std::fs::write(&source, "#include \"firstlight.h\"\nint a[FIRSTLIGHT_ID_MAGIC == 0 ? 1 : -1];\n").unwrap();
    match std::process::Command::new("cc").args(["-std=c99", "-Wall", "-Werror", "-fsyntax-only"]).arg(&source).output()
    {
        Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr)),
        // every machine that builds Rust programs links with cc; only cross builders lack it
        Err(error) => eprintln!("skipped: cc: {error}"),
    }
}
