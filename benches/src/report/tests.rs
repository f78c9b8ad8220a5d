//! Tests of the arithmetic behind the tables.

use super::*;
use crate::kernels;
use crate::peers::Samples;

/// Two engines on two kernels: the second takes twice the time, then half of it.
fn results() -> Results {
    let samples = |millis: &[u64]| {
        Samples::from(millis.iter().map(|&ms| Duration::from_millis(ms)).collect::<Vec<_>>())
    };
    Results {
        engines: vec!["other", REFERENCE],
        kernels: kernels::all().into_iter().take(2).collect(),
        samples: vec![
            vec![samples(&[80, 40, 60]), samples(&[20, 30, 25])],
            vec![samples(&[10, 10, 30]), samples(&[20, 90, 20])],
        ],
        rounds: 3,
    }
}

#[test]
fn best_and_median_of_unsorted_runs() {
    let results = results();
    assert_eq!(results.samples[0][0].best(), Duration::from_millis(40));
    assert_eq!(results.samples[0][0].median(), Duration::from_millis(60));
}

#[test]
fn ratios_refer_to_wasmi_wherever_its_column_is() {
    let results = results();
    assert!((ratio(&results, 0, 0, Samples::best) - 2.0).abs() < 1e-12);
    assert!((ratio(&results, 1, 0, Samples::best) - 0.5).abs() < 1e-12);
    assert!((ratio(&results, 1, 1, Samples::best) - 1.0).abs() < 1e-12);
}

#[test]
fn geomean_of_twice_and_half_is_one() {
    let mean = column_geomean(&results(), 0, Samples::best, |_| true);
    assert!(mean.is_some_and(|mean| (mean - 1.0).abs() < 1e-12));
    assert_eq!(column_geomean(&results(), 0, Samples::best, |_| false), None);
}

#[test]
fn an_engine_that_does_not_run_a_kernel_is_left_out_of_the_mean() {
    let mut results = results();
    results.samples[1][0] = Samples::from(Vec::new());
    let mean = column_geomean(&results, 0, Samples::best, |_| true);
    assert!(mean.is_some_and(|mean| (mean - 2.0).abs() < 1e-12));
    assert!(table(&results).contains(" — |") && json(&results).contains("\"ratio\":null"));
}

#[test]
fn json_names_every_engine_and_kernel() {
    let (results, text) = (results(), json(&results()));
    for name in results.engines.iter().chain(results.kernels.iter().map(|kernel| &kernel.name)) {
        assert!(text.contains(&format!("\"name\":\"{name}\"")), "{name} is missing in {text}");
    }
    assert_eq!(text.matches('{').count(), text.matches('}').count());
}
