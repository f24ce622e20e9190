// A plugin that panics and faults, each at a site of its own. See README.md.

use std::cell::RefCell;
use std::collections::HashMap;

#[derive(Debug)]
pub struct Mode { pub width: u32 }

#[inline(never)]
fn find_output(outputs: &HashMap<u32, u32>, id: u32) -> u32 { *outputs.get(&id).unwrap() }
#[inline(never)]
fn pick_mode(modes: &[u32], at: usize) -> u32 { modes[at] }
#[inline(never)]
fn parse_node(s: &str) -> i32 { s.parse::<i32>().expect("a number") }
#[inline(never)]
fn lock_state(c: &RefCell<u32>) -> u32 {
    let first = c.borrow_mut();
    let second = c.borrow_mut();
    *first + *second
}
#[inline(never)]
fn unknown_format(n: i32) -> i32 {
    if n > 0 { panic!("no such format {n}") }
    n
}
#[inline(never)]
fn cut_title(s: &str, n: usize) -> usize { s[n..].len() }
#[inline(never)]
fn ratio(a: i32, b: i32) -> i32 { a / b }
#[inline(never)]
fn read_buffer(at: *const i32) -> i32 { unsafe { std::ptr::read_volatile(at) } }
mod comp {
    pub struct State { pub seats: Vec<u32> }
    impl State {
        #[inline(never)]
        pub fn focus(&self, n: usize) -> u32 { let pick = |k: usize| self.seats[k]; pick(n) + 1 }
    }
}

#[no_mangle]
pub extern "C" fn plugin_run(site: i32) -> i32 {
    let m: HashMap<u32, u32> = HashMap::new();
    match site {
        1 => find_output(&m, 1) as i32,
        2 => pick_mode(&[1, 2, 3], site as usize + 5) as i32,
        3 => parse_node("x"),
        4 => lock_state(&RefCell::new(1)) as i32,
        5 => unknown_format(site),
        6 => cut_title("abc", site as usize + 3) as i32,
        7 => ratio(3, site - 7),
        8 => read_buffer(std::ptr::null()),
        9 => comp::State { seats: vec![1] }.focus(site as usize) as i32,
        _ => 0,
    }
}
