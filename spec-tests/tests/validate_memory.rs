//! Decoding allocates no more than a small multiple of the input, whatever its counts promise.
//!
//! A test binary of its own: its allocator counts.

use dytallix::Limits;
use dytallix::wasm::{Features, Module};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes on the heap per byte of the module, and on top whatever its size.
const FACTOR: usize = 28;
const BASE: usize = 16 << 10;

/// A LEB128 `u32`.
fn leb(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A section of `count` equal entries.
fn section(id: u8, count: u32, entry: &[u8]) -> Vec<u8> {
    section_of(id, &[leb(count), entry.repeat(count as usize)].concat())
}

fn section_of(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &leb(contents.len() as u32), contents].concat()
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0", &sections.concat()[..]].concat()
}

/// A module with one function of this body, locals included.
fn body(body: &[u8]) -> Vec<u8> {
    let code = [&leb(1)[..], &leb(body.len() as u32), body].concat();
    module(&[section(1, 1, &[0x60, 0, 0]), section(3, 1, &[0]), section_of(10, &code)])
}

/// Modules that hold as much as they can in as few bytes as they can, and modules that only
/// promise.
fn hostile(n: u32) -> Vec<(&'static str, Vec<u8>)> {
    let ty = || section(1, 1, &[0x60, 0, 0]);
    let memory = || section(5, 1, &[0, 1]);
    let table = || section(4, 1, &[0x70, 0, 1]);
    let exports: Vec<u8> = (0..n)
        .flat_map(|i| {
            let name = leb(i);
            let name: Vec<u8> =
                name.iter().map(|byte| byte & 0x7F).chain([name.len() as u8]).collect();
            [&[name.len() as u8][..], &name, &[2, 0]].concat()
        })
        .collect();
    let blocks = [&[0][..], &[0x02, 0x40].repeat(9_000), &[0x0B].repeat(9_001)].concat();
    let operands = [&[0][..], &[0x41, 0x00].repeat(31_000), &[0x00, 0x0B]].concat();
    let runs = [&leb(n)[..], &[0, 0x7F].repeat(n as usize), &[0x0B]].concat();
    let items = [&[1, 5, 0x70][..], &leb(n), &[0xD0, 0x70, 0x0B].repeat(n as usize)].concat();
    let promise = |id| section_of(id, &leb(u32::MAX));
    vec![
        ("types", module(&[section(1, n, &[0x60, 0, 0])])),
        (
            "wide types",
            module(&[section(1, n / 100, &[&[0x60, 99][..], &[0x7F; 99], &[0]].concat())]),
        ),
        ("imports", module(&[ty(), section(2, n, &[0, 0, 0, 0])])),
        ("functions", module(&[ty(), section(3, n, &[0]), section(10, n, &[2, 0, 0x0B])])),
        ("tables", module(&[section(4, n.min(50_000), &[0x70, 0, 0])])),
        ("globals", module(&[section(6, n, &[0x7F, 0, 0x41, 0, 0x0B])])),
        ("exports", module(&[memory(), section_of(7, &[leb(n), exports].concat())])),
        ("segments of functions", module(&[table(), section(9, n, &[1, 0, 0])])),
        ("items", module(&[section_of(9, &items)])),
        ("data segments", module(&[section(11, n, &[1, 0])])),
        ("custom sections", module(&[[0, 1, 0].repeat(n as usize)])),
        ("nesting", body(&blocks)),
        ("operands", body(&operands)),
        ("runs of locals", body(&runs)),
        ("promised types", module(&[promise(1)])),
        ("promised imports", module(&[promise(2)])),
        ("promised functions", module(&[ty(), promise(3)])),
        ("promised globals", module(&[promise(6)])),
        ("promised exports", module(&[promise(7)])),
        ("promised segments", module(&[promise(9)])),
        ("promised items", module(&[section_of(9, &[&[1, 1, 0][..], &leb(u32::MAX)].concat())])),
        ("promised data", module(&[promise(12)])),
        ("promised locals", body(&[1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x0B])),
        ("promised labels", body(&[0, 0x0E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x0B])),
    ]
}

#[test]
fn the_heap_holds_a_small_multiple_of_the_module() {
    let mut worst = 0.0_f64;
    for (name, module) in hostile(100_000) {
        let bytes: std::sync::Arc<[u8]> = module.into();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let decoded = Module::decode(bytes.clone(), &Features::ALL, &Limits::default());
        let peak = ALLOCATOR.peak_usage() - before;
        assert_eq!(decoded.is_err(), name.starts_with("promised"), "{name}: {decoded:?}");
        println!("{name}: {} bytes, {peak} at the peak", bytes.len());
        worst = worst.max(peak as f64 / bytes.len().max(BASE) as f64);
        assert!(peak <= FACTOR * bytes.len() + BASE, "{name}: {} bytes, {peak}", bytes.len());
    }
    println!("at most {worst:.1} bytes per byte");
}
