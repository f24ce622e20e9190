// A plugin that panics and faults in other ways than plugin.rs. See README.md.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::convert::TryFrom;
use std::time::Duration;

#[inline(never)]
fn connect_seat(r: Result<u32, std::fmt::Error>) -> u32 { r.unwrap() + 1 }
#[inline(never)]
fn crop_frame(v: &[u8], n: usize) -> usize { v[2..n].iter().map(|b| *b as usize).sum() }
#[inline(never)]
fn add_time(a: u32, b: u32) -> u32 { a.checked_add(b).expect("fits") }
#[inline(never)]
fn narrow_size(n: u64) -> u8 { u8::try_from(n).unwrap() }
#[inline(never)]
fn check_format(a: u32, b: u32) -> u32 { assert_eq!(a, b, "formats differ"); a }
#[inline(never)]
fn route_event(n: i32) -> i32 { match n { 0 => 1, 1 => 2, _ => unreachable!("event {n}") } }
#[inline(never)]
fn drop_output(mut v: Vec<u32>, n: usize) -> u32 { v.remove(n) }
#[inline(never)]
fn lookup_id(m: &BTreeMap<u32, u32>, n: u32) -> u32 { m[&n] + 1 }
#[inline(never)]
fn sum_levels(list: &[usize], table: &[u32]) -> u32 { list.iter().map(|x| table[*x] + 1).sum() }
trait Draw { fn draw(&self, n: usize) -> u32; }
struct Cursor { dots: VecDeque<u32> }
struct Frame { dots: Vec<u32> }
impl Draw for Cursor { #[inline(never)] fn draw(&self, n: usize) -> u32 { self.dots[n] + 1 } }
impl Draw for Frame { #[inline(never)] fn draw(&self, n: usize) -> u32 { self.dots.get(n).copied().unwrap() + 2 } }
#[inline(never)]
fn decode_title(b: Vec<u8>) -> usize { String::from_utf8(b).unwrap().len() }
#[inline(never)]
fn peek_state(c: &RefCell<u32>) -> u32 { let _held = c.borrow_mut(); *c.borrow() + 1 }
#[inline(never)]
fn set_gamma(n: i32) -> i32 { if n > 0 { todo!("gamma") } n }
#[inline(never)]
fn poke_buffer(p: *mut u32) -> u32 { unsafe { std::ptr::write_volatile(p, 5); 3 } }
#[inline(never)]
fn nest(n: u64) -> u64 { let room = std::hint::black_box([n; 40]); if n == u64::MAX { 0 } else { nest(n + 1) + room[3] } }
#[inline(never)]
fn run_hook(f: &dyn Fn(usize) -> u32) -> u32 { f(9) + 1 }
struct Seat { name: Option<String> }
impl Seat { #[inline(never)] fn grab(&self) -> usize { self.name.as_ref().expect("a name").len() } }
#[inline(never)]
fn give_up() -> i32 { std::process::abort() }
#[inline(never)]
fn big_buffer(n: usize) -> usize { Vec::<u64>::with_capacity(n).capacity() }
#[inline(never)]
fn shift_clock(a: Duration, b: Duration) -> u64 { (a - b).as_secs() }
#[inline(never)]
fn worker_main(list: &[u32], n: usize) -> u32 { list[n] + 7 }

#[no_mangle]
pub extern "C" fn plugin_run(site: i32) -> i32 {
    let n = std::hint::black_box(site as usize + 5);
    match site {
        1 => connect_seat(Err(std::fmt::Error)) as i32,
        2 => crop_frame(&[1, 2, 3], n) as i32,
        3 => add_time(u32::MAX, n as u32) as i32,
        4 => narrow_size(n as u64 + 1000) as i32,
        5 => check_format(1, n as u32) as i32,
        6 => route_event(site),
        7 => drop_output(vec![1, 2], n) as i32,
        8 => lookup_id(&BTreeMap::new(), n as u32) as i32,
        9 => sum_levels(&[n], &[1]) as i32,
        10 => { let d: Box<dyn Draw> = Box::new(Cursor { dots: VecDeque::new() }); d.draw(n) as i32 }
        11 => { let d: Box<dyn Draw> = Box::new(Frame { dots: vec![] }); d.draw(n) as i32 }
        12 => decode_title(vec![0xff, 0xfe, n as u8]) as i32,
        13 => peek_state(&RefCell::new(3)) as i32,
        14 => set_gamma(site),
        15 => poke_buffer(std::ptr::null_mut()) as i32,
        16 => nest(0) as i32,
        17 => { let t = vec![1u32]; run_hook(&|k| t[k]) as i32 }
        18 => Seat { name: None }.grab() as i32,
        19 => give_up(),
        20 => big_buffer(usize::MAX / 2) as i32,
        21 => shift_clock(Duration::from_secs(1), Duration::from_secs(n as u64)) as i32,
        22 => std::thread::Builder::new().name("pool-1".into()).spawn(move || worker_main(&[1], n)).unwrap().join().unwrap() as i32,
        _ => 0,
    }
}
