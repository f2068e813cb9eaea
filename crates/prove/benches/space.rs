//! How long covers and overlaps take: complete sets of rungs by size, ladders in which each rung is held against all above it, lists of
//! states and bands, and families that are hard for any method, by steps.

use divan::Bencher;
use divan::counter::ItemsCount;
use kamrules_prove::space::{Cells, Check, Cover, Index, Region, Space, Steps, cover, overlaps};

fn main() {
    divan::main();
}

/// A small generator of numbers (SplitMix64), so that every run measures the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(end)) as u32
    }
}

/// A whole space of so many dimensions of 100 to 700 cells, cut at random into so many regions.
fn partition(rungs: usize, dims: u32) -> (Space, Vec<Region>) {
    let random = &mut Random(1);
    let space = Space { cells: (0..dims).map(|_| 100 + random.below(600)).collect() };
    let mut regions = vec![Region::whole()];
    while regions.len() < rungs {
        let at = random.below(regions.len() as u32) as usize;
        let dim = random.below(dims);
        let count = space.cells[dim as usize];
        let side = regions[at].side(dim).cloned().unwrap_or(Cells::all(count));
        let (Some(low), Some(high)) = (side.lowest(), side.highest()) else { continue };
        if low < high {
            let lower = Cells::range(count, 0, low + 1 + random.below(high - low));
            let part = regions[at].clone();
            let (Some(one), Some(two)) = (part.clone().within(dim, &lower), part.within(dim, &lower.not())) else { continue };
            regions[at] = one;
            regions.push(two);
        }
    }
    (space, regions)
}

/// Rungs that each ask for ranges of some of the fields, as in a ladder where the first match counts.
fn ladder(rungs: usize, dims: u32) -> (Space, Vec<Region>) {
    let random = &mut Random(2);
    let space = Space { cells: (0..dims).map(|_| 100 + random.below(600)).collect() };
    let rung = |_| {
        (0..2 + random.below(3)).fold(Region::whole(), |region, _| {
            let dim = random.below(dims);
            let count = space.cells[dim as usize];
            let low = random.below(count);
            region.clone().within(dim, &Cells::range(count, low, low + 1 + random.below(count / 2))).unwrap_or(region)
        })
    };
    let regions = (0..rungs).map(rung).collect();
    (space, regions)
}

/// 120 territories: 24 lists of states by five bands of revenue, beside a field that none asks about.
fn territories() -> (Space, Vec<Region>) {
    let random = &mut Random(3);
    let space = Space { cells: vec![52, 11, 4] };
    let lists: Vec<u32> = (0..52).map(|state| if state < 24 { state } else { random.below(24) }).collect();
    let territory = |at: u32| {
        let states = Cells::filter(52, |state| lists[state as usize] == at / 5);
        let band = Cells::range(11, (at % 5) * 2, (at % 5) * 2 + if at % 5 == 4 { 3 } else { 2 });
        Region::whole().within(0, &states).and_then(|region| region.within(1, &band)).expect("no list is empty")
    };
    (space, (0..120).map(territory).collect())
}

fn complete(space: &Space, regions: &[&Region]) {
    let answer = cover(space, &Region::whole(), regions, &mut |_| Check::Possible, &mut Steps::new(u64::MAX));
    assert!(matches!(answer, Cover::Whole(_)), "{answer:?}");
}

fn exclusive(space: &Space, regions: &[&Region]) {
    let owned: Vec<(u32, &Region)> = (0..).zip(regions.iter().copied()).collect();
    assert_eq!(overlaps(space, &owned, &mut Steps::new(u64::MAX)), Some(Vec::new()));
}

const SIZES: [(usize, u32); 7] = [(500, 6), (1000, 6), (2000, 6), (5000, 6), (10_000, 6), (1000, 8), (5000, 8)];

/// Rungs by fields: always one holds, and no two.
#[divan::bench(args = SIZES, max_time = 2)]
fn complete_and_exclusive(bencher: Bencher, (rungs, fields): (usize, u32)) {
    let (space, regions) = partition(rungs, fields);
    let regions: Vec<&Region> = regions.iter().collect();
    bencher.bench_local(|| {
        complete(&space, &regions);
        exclusive(&space, &regions);
    });
}

#[divan::bench(args = SIZES, max_time = 2)]
fn complete_only(bencher: Bencher, (rungs, fields): (usize, u32)) {
    let (space, regions) = partition(rungs, fields);
    let regions: Vec<&Region> = regions.iter().collect();
    bencher.bench_local(|| complete(&space, &regions));
}

/// The same without one rung: the gap is found.
#[divan::bench(args = SIZES, max_time = 2)]
fn one_is_missing(bencher: Bencher, (rungs, fields): (usize, u32)) {
    let (space, regions) = partition(rungs, fields);
    let regions: Vec<&Region> = regions.iter().enumerate().filter(|(at, _)| *at != rungs / 2).map(|(_, region)| region).collect();
    bencher.bench_local(|| {
        let answer = cover(&space, &Region::whole(), &regions, &mut |_| Check::Possible, &mut Steps::new(u64::MAX));
        assert!(matches!(answer, Cover::Open(_)), "{answer:?}");
    });
}

#[divan::bench]
fn territories_of_lists_and_bands(bencher: Bencher) {
    let (space, regions) = territories();
    let regions: Vec<&Region> = regions.iter().collect();
    bencher.bench_local(|| {
        complete(&space, &regions);
        exclusive(&space, &regions);
    });
}

/// Each rung against all above it.
#[divan::bench(args = [(1000, false), (5000, false), (1000, true), (5000, true)], max_time = 2)]
fn reached_in_a_ladder(bencher: Bencher, (rungs, disjoint): (usize, bool)) {
    let (space, regions) = if disjoint { partition(rungs, 8) } else { ladder(rungs, 8) };
    bencher.bench_local(|| {
        let index = Index::new(&space, regions.iter().collect());
        let covered = |at: &usize| {
            let steps = &mut Steps::new(100_000_000);
            match index.cover(&regions[*at], *at, &mut |_| Check::Possible, steps) {
                Cover::Whole(_) => true,
                Cover::Open(_) => false,
                Cover::TooLong => panic!("this ladder is not hard"),
            }
        };
        (0..regions.len()).filter(covered).count()
    });
}

/// Three of so many two-cell dimensions to a region, 4.26 times as many regions as dimensions: about half of such sets cover all, and
/// none are harder.
fn threes(dims: u32) -> (Space, Vec<Region>) {
    let random = &mut Random(4);
    let space = Space { cells: vec![2; dims as usize] };
    let mut one = || {
        let mut region = Region::whole();
        while region.sides().len() < 3 {
            let (dim, cell) = (random.below(dims), random.below(2));
            if region.side(dim).is_none() {
                region = region.within(dim, &Cells::range(2, cell, cell + 1)).expect("a new side leaves something");
            }
        }
        region
    };
    let regions = (0..dims * 426 / 100).map(|_| one()).collect();
    (space, regions)
}

/// A pigeon more than there are holes: each dimension a pigeon, each cell a hole, each region two pigeons in one hole.
fn pigeons(holes: u32) -> (Space, Vec<Region>) {
    let space = Space { cells: vec![holes; holes as usize + 1] };
    let pairs = (0..=holes).flat_map(|one| (0..one).map(move |two| (one, two)));
    let both = |(one, two): (u32, u32)| {
        (0..holes).map(move |hole| {
            let hole = Cells::range(holes, hole, hole + 1);
            Region::whole().within(one, &hole).and_then(|region| region.within(two, &hole)).expect("no side is empty")
        })
    };
    (space, pairs.flat_map(both).collect())
}

/// Boxes over wide ranges of many dimensions, so that nearly all meet nearly all.
fn crowd(rungs: usize, dims: u32) -> (Space, Vec<Region>) {
    let random = &mut Random(5);
    let space = Space { cells: vec![200; dims as usize] };
    let mut side = || {
        let low = random.below(60);
        Cells::range(200, low, low + 80 + random.below(60))
    };
    let one = |_| (0..dims).fold(Region::whole(), |region, dim| region.within(dim, &side()).expect("no side is empty"));
    (space, (0..rungs).map(one).collect())
}

const BUDGET: u64 = Steps::OF_A_QUESTION;

const HARD: [&str; 6] = ["threes of 30", "threes of 100", "threes of 200", "threes of 400", "pigeons 7", "pigeons 12"];

/// What hard families take within the steps that a question gets; items are steps.
#[divan::bench(args = HARD, sample_count = 3)]
fn hard(bencher: Bencher, family: &str) {
    let (name, size) = family.rsplit_once(' ').expect("a family has a size");
    let size: u32 = size.parse().expect("a size is a number");
    let (space, regions) = if name == "pigeons" { pigeons(size) } else { threes(size) };
    let regions: Vec<&Region> = regions.iter().collect();
    let run = || {
        let mut steps = Steps::new(BUDGET);
        let answer = cover(&space, &Region::whole(), &regions, &mut |_| Check::Possible, &mut steps);
        let too_long = ["threes of 200", "threes of 400", "pigeons 12"].contains(&family);
        assert_eq!(answer == Cover::TooLong, too_long);
        BUDGET - steps.left()
    };
    bencher.counter(ItemsCount::new(run())).bench_local(run);
}

/// A region that several of a crowd cover together, or not.
#[divan::bench(args = [(1000, 4), (5000, 4), (1000, 30)], max_time = 2)]
fn one_in_a_crowd(bencher: Bencher, (rungs, fields): (usize, u32)) {
    let (space, regions) = crowd(rungs, fields);
    let regions: Vec<&Region> = regions.iter().collect();
    let side = Cells::range(200, 20, 120);
    let target = (0..fields).fold(Region::whole(), |region, dim| region.within(dim, &side).expect("no side is empty"));
    bencher.bench_local(|| cover(&space, &target, &regions, &mut |_| Check::Possible, &mut Steps::new(BUDGET)));
}
