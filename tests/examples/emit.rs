//! Writes the Verilog of every listed design into a folder.

use firstlight_tests::designs::DESIGNS;
use std::path::PathBuf;

fn main() {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: cargo run -p firstlight-tests --example emit FOLDER");
        std::process::exit(2);
    };
    for design in DESIGNS {
        let path = folder.join(format!("{}.v", design.name));
        if let Err(e) = std::fs::write(&path, design.emit().verilog) {
            eprintln!("{}: {e}; name a folder that can be written", path.display());
            std::process::exit(1);
        }
        println!("{}", path.display());
    }
}
