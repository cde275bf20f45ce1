//! What only the inside of a stream tells: how it is cut, and when its work is made.

use super::*;

/// Nanoseconds of spread work that calls take, by the model of costs.
fn works(stream: &mut Stream<f32>, call: usize, calls: usize) -> Vec<f64> {
    let (x, mut y) = (vec![1.0; call], vec![0.0; call]);
    let each = |_| {
        let owed = stream.owed + stream.pace * call as f64;
        stream.process(&[&x], &mut [&mut y]).unwrap();
        owed - stream.owed
    };
    (0..calls).map(each).collect()
}

#[test]
fn work_is_spread_evenly() {
    for (taps, call) in [(4_800, 32), (48_000, 32), (48_000, 128), (30_000, 100)] {
        let mut stream = Stream::new(&vec![1e-3; taps], Latency::Zero).unwrap();
        let longest = stream.stages.last().unwrap().cut.block;
        let calls = 3 * longest / call;
        let works = works(&mut stream, call, calls);
        let (mean, most) = (works.iter().sum::<f64>() / calls as f64, works.iter().copied().fold(0.0, f64::max));
        assert!(most <= mean + 3.0 * 400.0, "{stream}, calls of {call}: {most} ns at most, {mean} on average");
        assert!(mean <= 1.02 * stream.pace * call as f64, "{stream}: no more than was planned");
    }
}

#[test]
fn layouts_cover_every_tap_once() {
    for taps in [1, 2, 15, 16, 17, 100, 1000, 44_100, 500_000] {
        for (delay, call) in [(0, None), (0, Some(64)), (0, Some(441)), (1, None), (64, None), (5000, Some(480))] {
            let size = Size { inputs: 1, outputs: 2, taps };
            let layout = Layout::new::<f32>(size, delay, call);
            let mut end = layout.head;
            for (stage, cut) in layout.stages.iter().enumerate() {
                let (first, last) = layout::partition(&layout, stage);
                // The first partition of a stage whose results are due at once stands beside the direct sum.
                let expected = if cut.timing == Timing::Within { 0 } else { end };
                assert_eq!(first, expected, "{layout}");
                assert_eq!((last - first).div_ceil(cut.block), cut.partitions, "{layout}");
                end = last;
            }
            assert_eq!(end, delay + taps, "{layout}");
        }
    }
}

#[test]
fn bits_do_not_depend_on_calls() {
    let h: Vec<f32> = (0..7000).map(|k| ((k * 37) % 101) as f32 - 50.0).collect();
    let x: Vec<f32> = (0..20_000).map(|k| ((k * 53) % 89) as f32 - 44.0).collect();
    let mut stream = Stream::new(&h, Latency::Zero).unwrap();
    let (mut once, mut again) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    stream.process(&[&x], &mut [&mut once]).unwrap();
    stream.reset();
    for (x, y) in x.chunks(37).zip(again.chunks_mut(37)) {
        stream.process(&[x], &mut [y]).unwrap();
    }
    assert!(once == again, "{stream}");
}
