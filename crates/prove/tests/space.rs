//! Covers and overlaps against a count of all points, in small spaces, thousands of them.
#![allow(clippy::unwrap_used)]

use kamrules_prove::space::{Cells, Check, Cover, Index, Region, Space, Steps, cover, overlaps};

/// A small generator of numbers (SplitMix64), so that every run sees the same cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.next() % u64::from(end)) as u32
    }

    fn one_in(&mut self, of: u32) -> bool {
        self.below(of) == 0
    }
}

/// A space of few points, now and then with a dimension of more cells than a machine word has bits.
fn space(random: &mut Random) -> Space {
    if random.one_in(8) {
        return Space { cells: vec![65 + random.below(80), 1 + random.below(4), 1 + random.below(3)] };
    }
    if random.one_in(8) {
        return Space { cells: vec![2; 2 + random.below(8) as usize] };
    }
    Space { cells: (0..1 + random.below(5)).map(|_| 1 + random.below(5)).collect() }
}

/// Cells of a dimension, at least one: a run or any.
fn cells(random: &mut Random, count: u32) -> Cells {
    let low = random.below(count);
    if random.one_in(2) {
        return Cells::range(count, low, low + 1 + random.below(count - low));
    }
    Cells::filter(count, |cell| cell == low || random.one_in(2))
}

/// A region with a side in about one of so many dimensions not.
fn region(random: &mut Random, space: &Space, free: u32) -> Region {
    let mut region = Region::whole();
    for (dim, &count) in space.cells.iter().enumerate() {
        if !random.one_in(free) {
            region = region.within(dim as u32, &cells(random, count)).unwrap();
        }
    }
    region
}

/// Parts of the whole, cut again and again, some of them lost.
fn partition(random: &mut Random, space: &Space) -> Vec<Region> {
    let (mut parts, cuts) = (vec![Region::whole()], random.below(30));
    for _ in 0..cuts {
        let at = random.below(parts.len() as u32) as usize;
        let dim = random.below(space.cells.len() as u32);
        let cells = cells(random, space.cells[dim as usize]);
        let part = parts[at].clone();
        if let (Some(one), Some(two)) = (part.clone().within(dim, &cells), part.within(dim, &cells.not())) {
            parts[at] = one;
            parts.push(two);
        }
    }
    for _ in 0..random.below(3).min(parts.len() as u32) {
        parts.remove(random.below(parts.len() as u32) as usize);
    }
    parts
}

fn regions(random: &mut Random, space: &Space) -> Vec<Region> {
    let mut regions = if random.one_in(2) { partition(random, space) } else { Vec::new() };
    let (free, most) = (2 + random.below(3), 1 + random.below(25));
    for _ in 0..random.below(most) {
        regions.push(region(random, space, free));
    }
    regions
}

/// All points of a space.
fn points(space: &Space) -> Vec<Vec<u32>> {
    space.cells.iter().fold(vec![Vec::new()], |points, &count| {
        points.iter().flat_map(|point| (0..count).map(move |cell| [point.as_slice(), &[cell]].concat())).collect()
    })
}

fn has(region: &Region, point: &[u32]) -> bool {
    region.sides().iter().all(|(dim, cells)| cells.contains(point[*dim as usize]))
}

fn any(regions: &[Region], point: &[u32]) -> bool {
    regions.iter().any(|region| has(region, point))
}

/// A question, and the regions that are impossible, which its check gives one by one.
struct Case {
    space: Space,
    target: Region,
    by: Vec<Region>,
    impossible: Vec<Region>,
}

impl Case {
    fn new(seed: u64) -> Self {
        let random = &mut Random(seed);
        let space = space(random);
        let target = if random.one_in(3) { Region::whole() } else { region(random, &space, 3) };
        let by = regions(random, &space);
        let count = if random.one_in(2) { 0 } else { random.below(6) };
        let impossible = (0..count).map(|_| region(random, &space, 3)).collect();
        Self { space, target, by, impossible }
    }

    /// The answer, what the check has given, and the steps that are left.
    fn cover(&self, steps: u64) -> (Cover, Vec<Region>, u64) {
        let (mut given, mut steps) = (Vec::new(), Steps::new(steps));
        let all = points(&self.space);
        let mut check = |asked: &Region| {
            assert!(asked.is_within(&self.target));
            if all.iter().any(|point| has(asked, point) && !any(&self.impossible, point)) {
                return Check::Possible;
            }
            let lemma = self.impossible.iter().find(|lemma| lemma.meets(asked)).unwrap().clone();
            given.push(lemma.clone());
            Check::Impossible(lemma)
        };
        let cover = cover(&self.space, &self.target, &self.by.iter().collect::<Vec<_>>(), &mut check, &mut steps);
        (cover, given, steps.left())
    }

    /// The points asked about.
    fn points(&self) -> Vec<Vec<u32>> {
        points(&self.space).into_iter().filter(|point| has(&self.target, point)).collect()
    }

    /// Whether the answer is right and as it is promised.
    fn check(&self, answer: &Cover, given: &[Region]) {
        let points = self.points();
        let open = points.iter().filter(|point| !any(&self.by, point) && !any(&self.impossible, point)).count();
        match answer {
            Cover::Whole(needed) => {
                assert_eq!(open, 0);
                self.check_needed(needed, &points, given);
            }
            Cover::Open(region) => {
                assert!(open > 0 && region.is_within(&self.target));
                assert!(points.iter().any(|point| has(region, point) && !any(&self.impossible, point)));
                self.check_widest(region, &points, given);
            }
            Cover::TooLong => panic!("the steps suffice for any of these"),
        }
    }

    /// Those needed cover, with what was ruled out; and without any one they do not.
    fn check_needed(&self, needed: &[usize], points: &[Vec<u32>], given: &[Region]) {
        assert!(needed.is_sorted_by(|a, b| a < b));
        let covered = |without: Option<usize>| {
            let some = |point: &Vec<u32>| needed.iter().any(|&at| Some(at) != without && has(&self.by[at], point));
            points.iter().all(|point| some(point) || any(given, point))
        };
        assert!(covered(None));
        needed.iter().for_each(|&at| assert!(!covered(Some(at))));
    }

    /// No region meets it; and any cell more in any dimension would let one meet it, or something that was ruled out.
    fn check_widest(&self, region: &Region, points: &[Vec<u32>], given: &[Region]) {
        assert!(points.iter().all(|point| !has(region, point) || !any(&self.by, point) && !any(given, point)));
        for (dim, cells) in region.sides() {
            for cell in cells.not().iter().filter(|&cell| self.target.side(*dim).is_none_or(|side| side.contains(cell))) {
                let more = region.clone().without(*dim).within(*dim, &Cells::range(cells.count(), cell, cell + 1)).unwrap();
                assert!(points.iter().any(|point| has(&more, point) && (any(&self.by, point) || any(given, point))));
            }
        }
    }
}

#[test]
fn covers_are_those_of_all_points() {
    let (mut whole, mut open) = (0, 0);
    for seed in 0..6000 {
        let case = Case::new(seed);
        let (answer, given, left) = case.cover(u64::MAX);
        case.check(&answer, &given);
        assert_eq!(case.cover(u64::MAX), (answer.clone(), given, left));
        *if matches!(answer, Cover::Open(_)) { &mut open } else { &mut whole } += 1;
    }
    assert!(whole > 1000 && open > 1000, "{whole} {open}");
}

/// Whatever number of steps ends a search, it ends without a wrong answer.
#[test]
fn few_steps_give_no_wrong_answer() {
    let mut too_long = 0;
    for seed in 0..600 {
        let case = Case::new(seed);
        for steps in [0, 1, 3, 10, 30, 100, 300] {
            match case.cover(steps).0 {
                Cover::TooLong => too_long += 1,
                Cover::Open(_) => assert!(matches!(case.cover(u64::MAX).0, Cover::Open(_))),
                Cover::Whole(needed) => {
                    let some = |point: &Vec<u32>| needed.iter().any(|&at| has(&case.by[at], point)) || any(&case.impossible, point);
                    assert!(case.points().iter().all(some));
                }
            }
        }
    }
    assert!(too_long > 1000, "{too_long}");
}

#[test]
fn overlaps_are_those_of_all_points() {
    for seed in 0..2000 {
        let random = &mut Random(seed);
        let space = space(random);
        let regions = regions(random, &space);
        let owners = 1 + random.below(20);
        let owned: Vec<(u32, &Region)> = regions.iter().map(|region| (random.below(owners), region)).collect();
        let mut expected = Vec::new();
        for point in points(&space) {
            let here: Vec<u32> = owned.iter().filter(|(_, region)| has(region, &point)).map(|(owner, _)| *owner).collect();
            expected.extend(here.iter().flat_map(|&a| here.iter().filter(move |&&b| a < b).map(move |&b| (a, b))));
        }
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(overlaps(&space, &owned, &mut Steps::new(u64::MAX)), Some(expected));
    }
}

/// An index finds what meets among any part of the regions, and covers as the question without it does.
#[test]
fn an_index_changes_no_answer() {
    for seed in 0..1500 {
        let random = &mut Random(seed);
        let space = if random.one_in(4) { Space { cells: vec![2000, 3] } } else { space(random) };
        let regions: Vec<Region> = (0..1 + random.below(6)).flat_map(|_| regions(random, &space)).collect();
        let index = Index::new(&space, regions.iter().collect());
        let target = region(random, &space, 2);
        let first = random.below(regions.len() as u32 + 1) as usize;
        let start = random.below(first as u32 + 1) as usize;
        let steps = &mut Steps::new(u64::MAX);
        let met: Vec<usize> = (start..first).filter(|&at| regions[at].meets(&target)).collect();
        assert_eq!(index.meeting(&target, start..first, steps), met);
        let check = &mut |_: &Region| Check::Possible;
        let by: Vec<&Region> = regions[..first].iter().collect();
        assert_eq!(index.cover(&target, first, check, steps), cover(&space, &target, &by, check, steps));
    }
}

/// A region of a space that stands behind so many further dimensions.
fn behind(region: &Region, dims: u32) -> Region {
    region.sides().iter().fold(Region::whole(), |moved, (dim, cells)| moved.within(dim + dims, cells).unwrap())
}

/// Beside many dimensions of which each is half covered by a region of its own, the answer is the same.
#[test]
fn many_dimensions_change_no_answer() {
    const MORE: u32 = 70;
    for seed in 0..400 {
        let random = &mut Random(seed);
        let inner = space(random);
        let regions = regions(random, &inner);
        let outer = Space { cells: std::iter::repeat_n(2, MORE as usize).chain(inner.cells.iter().copied()).collect() };
        let half = |dim| Region::whole().within(dim, &Cells::range(2, 1, 2)).unwrap();
        let all: Vec<Region> = (0..MORE).map(half).chain(regions.iter().map(|region| behind(region, MORE))).collect();
        let case = Case { space: inner, target: Region::whole(), by: regions, impossible: Vec::new() };
        let by: Vec<&Region> = all.iter().collect();
        match cover(&outer, &Region::whole(), &by, &mut |_| Check::Possible, &mut Steps::new(u64::MAX)) {
            Cover::Whole(needed) => {
                let (halves, rest): (Vec<usize>, Vec<usize>) = needed.iter().partition(|&&at| at < MORE as usize);
                let rest: Vec<usize> = rest.iter().map(|at| at - MORE as usize).collect();
                assert!(halves.is_empty());
                case.check(&Cover::Whole(rest), &[]);
            }
            Cover::Open(region) => {
                let sides = region.sides().iter().filter(|(dim, _)| *dim >= MORE);
                let open = sides.fold(Region::whole(), |open, (dim, cells)| open.within(dim - MORE, cells).unwrap());
                case.check(&Cover::Open(open), &[]);
            }
            Cover::TooLong => panic!("this is not hard"),
        }
    }
}
