// Panics in inlined and generic code, in a closure and in a trait method.

use std::collections::HashMap;
mod comp {
    pub struct State { pub m: super::HashMap<String, i32> }
    impl State {
        #[inline(never)]
        pub fn render(&self, k: &str) -> i32 { let v = self.m.get(k).unwrap(); *v + helper(k) }
    }
    #[inline(always)]
    fn helper(k: &str) -> i32 { k.parse::<i32>().expect("number") }
    pub trait Draw { fn draw(&self, k: &str) -> i32; }
    impl Draw for State { #[inline(never)] fn draw(&self, k: &str) -> i32 { let c = || self.render(k) + 1; c() } }
}
fn main() {
    use comp::Draw;
    let mut m = HashMap::new(); m.insert("x".to_string(), 1);
    let s = comp::State { m };
    println!("{}", s.draw(&std::env::args().nth(1).unwrap_or("x".into())));
}
