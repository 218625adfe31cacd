//! Boards on USB, as Linux shows them in /sys: serial number, channels, latency timer.
use std::fs;
use std::path::{Path, PathBuf};

/// USB identity of the board's FT2232H.
pub const VENDOR: &str = "0403";
/// Its product number; [`VENDOR`] is FTDI's.
pub const PRODUCT: &str = "6010";
/// Latency timer that suits short register reads.
pub const LATENCY_MS: u64 = 1;

/// Another root for `/sys`, `/dev` and the rules, when set: a container's, or one made up.
pub const ROOT: &str = "FIRSTLIGHT_SYSTEM_ROOT";

/// Where the system shows devices; another root in tests.
#[derive(Clone, Debug)]
pub struct System {
    /// Where devices are described: `/sys`.
    pub sys: PathBuf,
    /// Where they are opened: `/dev`.
    pub dev: PathBuf,
    /// Folders in which udev rules may stand.
    pub rules: Vec<PathBuf>,
}

impl Default for System {
    fn default() -> Self {
        let root = std::env::var_os(ROOT).map_or("/".into(), PathBuf::from);
        let rules = ["etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d"];
        System { sys: root.join("sys"), dev: root.join("dev"), rules: rules.iter().map(|dir| root.join(dir)).collect() }
    }
}

/// One board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Serial number of its USB chip; empty when it has none.
    pub serial: String,
    /// What its chip calls itself.
    pub product: String,
    /// The device node that a programmer opens.
    pub node: PathBuf,
    /// Serial devices: channel A first.
    pub ports: Vec<Port>,
}

/// One channel that has a serial device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Letter of the channel, A or B.
    pub channel: char,
    /// Its serial device.
    pub device: PathBuf,
    /// Latency timer of the driver in milliseconds, where it is known.
    pub latency_ms: Option<u64>,
}

impl Board {
    /// The channel of the control UART.
    pub fn control(&self) -> Option<&Port> {
        self.ports.iter().find(|p| p.channel == 'B')
    }
}

impl System {
    /// Number of USB devices of any kind, and the boards among them, by serial number.
    pub fn boards(&self) -> (usize, Vec<Board>) {
        let mut devices = 0;
        let mut boards = Vec::new();
        for entry in fs::read_dir(self.sys.join("bus/usb/devices")).into_iter().flatten().flatten() {
            let dir = entry.path();
            let Some(vendor) = line(&dir, "idVendor") else { continue };
            devices += 1;
            if vendor != VENDOR || line(&dir, "idProduct").as_deref() != Some(PRODUCT) {
                continue;
            }
            let number = |name| line(&dir, name).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
            let node = format!("bus/usb/{:03}/{:03}", number("busnum"), number("devnum"));
            boards.push(Board {
                serial: line(&dir, "serial").unwrap_or_default(),
                product: line(&dir, "product").unwrap_or_default(),
                node: self.dev.join(node),
                ports: self.ports(&dir),
            });
        }
        boards.sort_by(|a, b| (&a.serial, &a.node).cmp(&(&b.serial, &b.node)));
        (devices, boards)
    }

    /// Interfaces stand below their device as `<device>:<configuration>.<number>`, ttys below those.
    fn ports(&self, device: &Path) -> Vec<Port> {
        let mut ports = Vec::new();
        for interface in fs::read_dir(device).into_iter().flatten().flatten().map(|e| e.path()) {
            let Some(number) = line(&interface, "bInterfaceNumber").and_then(|n| u8::from_str_radix(&n, 16).ok())
            else {
                continue;
            };
            for tty in fs::read_dir(&interface).into_iter().flatten().flatten() {
                let name = tty.file_name().to_string_lossy().into_owned();
                if name.starts_with("tty") && name != "tty" {
                    let latency_ms = line(&tty.path(), "latency_timer").and_then(|n| n.parse().ok());
                    ports.push(Port { channel: (b'A' + number) as char, device: self.dev.join(name), latency_ms });
                }
            }
        }
        ports.sort_by_key(|p| p.channel);
        ports
    }

    /// The installed rule file with our name, and whether it is the one that we ship.
    pub fn rule(&self) -> Option<(PathBuf, bool)> {
        let path = self.rules.iter().map(|dir| dir.join(RULE_NAME)).find(|path| path.exists())?;
        let same = fs::read_to_string(&path).is_ok_and(|text| text == RULE);
        Some((path, same))
    }
}

/// The udev rule that is shipped.
pub const RULE: &str = include_str!("../../constraints/99-firstlight.rules");
/// Its file name.
pub const RULE_NAME: &str = "99-firstlight.rules";

/// First line of a file in /sys.
fn line(dir: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(dir.join(name)).ok()?;
    Some(text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A system with the given boards: serial number and latency timer.
    pub(crate) fn system(boards: &[(&str, u64)]) -> (tempfile::TempDir, System) {
        let root = tempfile::tempdir().unwrap();
        let put = |path: String, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("sys/bus/usb/devices/usb1/idVendor".into(), "1d6b\n");
        for (i, (serial, latency)) in boards.iter().enumerate() {
            let device = format!("sys/bus/usb/devices/1-{i}");
            for (name, text) in [("idVendor", VENDOR), ("idProduct", PRODUCT), ("serial", serial), ("busnum", "1")] {
                put(format!("{device}/{name}"), text);
            }
            put(format!("{device}/product"), "Alchitry Cu\n");
            put(format!("{device}/devnum"), &(i + 4).to_string());
            for channel in 0..2 {
                let interface = format!("{device}/1-{i}:1.{channel}");
                put(format!("{interface}/bInterfaceNumber"), &format!("0{channel}\n"));
                let tty = format!("ttyUSB{}", 2 * i + channel);
                put(format!("{interface}/{tty}/latency_timer"), &format!("{latency}\n"));
                put(format!("dev/{tty}"), "");
            }
            put(format!("dev/bus/usb/001/{:03}", i + 4), "");
        }
        let system = System {
            sys: root.path().join("sys"),
            dev: root.path().join("dev"),
            rules: vec![root.path().join("rules")],
        };
        (root, system)
    }

    #[test]
    fn boards_are_found_by_serial_number_with_their_channels() {
        let (root, system) = system(&[("FT9", 16), ("FT1", 1)]);
        let (devices, boards) = system.boards();
        assert_eq!((devices, boards.len()), (3, 2));
        assert_eq!((boards[0].serial.as_str(), boards[1].serial.as_str()), ("FT1", "FT9"));
        let control = boards[1].control().unwrap();
        assert_eq!((control.device.clone(), control.latency_ms), (root.path().join("dev/ttyUSB1"), Some(16)));
        assert_eq!(boards[1].node, root.path().join("dev/bus/usb/001/004"));
    }

    #[test]
    fn without_a_board_the_others_are_still_counted() {
        let (_root, system) = system(&[]);
        assert_eq!(system.boards(), (1, vec![]));
    }

    #[test]
    fn the_shipped_rule_names_the_device_and_the_timer() {
        assert!(RULE.contains(VENDOR) && RULE.contains(PRODUCT) && RULE.contains("latency_timer"));
        let (root, system) = system(&[]);
        assert_eq!(system.rule(), None);
        fs::create_dir(root.path().join("rules")).unwrap();
        fs::write(root.path().join("rules").join(RULE_NAME), "something else").unwrap();
        assert!(!system.rule().unwrap().1);
    }
}
