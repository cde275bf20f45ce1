//! The report of a comparison: sentences, tables and charts.

use faltung_scene::{
    Align, Arrange, Axis, Cell, Column, Emphasis, Figure, Label, Mark, Panel, Part, Place, Role, Row, RowKind, Scene,
    Shape, Table, Tick,
};

use super::{Findings, Told};

/// All of it, in reading order.
pub(super) fn scene(found: &Findings) -> Scene {
    let parts = [opening(found), shifts(found), locality(found), few(found), size(found), honesty(found)];
    Scene {
        title: "A convolutional net beside a fully connected one".to_owned(),
        place: String::new(),
        description: "Accuracies of two nets with as many parameters, in tables and charts.".to_owned(),
        parts: parts.into_iter().flatten().collect(),
    }
}

/// The sentences alone, for a terminal.
pub(super) fn sentences(scene: &Scene) -> String {
    let sentences = scene.parts.iter().filter_map(|part| match part {
        Part::Sentence(words) => Some(format!("{words}\n")),
        _ => None,
    });
    sentences.collect()
}

fn opening(found: &Findings) -> Vec<Part> {
    let (cnn, ffnn) = (&found.cnn, &found.ffnn);
    let sentence = format!(
        "With {} parameters the convolutional net tells {} of the test pictures right, the fully connected one with {} \
         parameters {}.",
        grouped(cnn.parameters),
        percent(cnn.all),
        grouped(ffnn.parameters),
        percent(ffnn.all)
    );
    let [training, test] = found.pictures.map(grouped);
    let note = format!(
        "Both learned {training} pictures for {} epochs with the same steps, rates and seed ({}), none of them shifted; both are \
         tested on {test} others. One run: differences of a few tenths of a percent may be chance.",
        found.epochs, found.seed
    );
    let rows = [
        ("as they are", cnn.all, ffnn.all),
        ("pixels shuffled, alike in all pictures", cnn.shuffled, ffnn.shuffled),
        ("one in a hundred to learn from", cnn.few, ffnn.few),
    ];
    let rows = rows.iter().map(|(what, cnn, ffnn)| row(&[what], &[percent(*cnn), percent(*ffnn)])).collect();
    let table = table("nets", "Told right", &["pictures"], &["convolutional", "fully connected"], rows);
    vec![Part::Sentence(sentence), Part::Note(note), Part::Figure(bars(cnn, ffnn)), table]
}

fn shifts(found: &Findings) -> Vec<Part> {
    let (cnn, ffnn) = (&found.cnn, &found.ffnn);
    let far = cnn.shifts.len() - 1;
    let middle = far.min(3);
    let sentence = format!(
        "Shifted by {middle} pixels, {} of the pictures are still told right by the convolutional net and {} by the fully \
         connected one; by {far} pixels, {} and {}.",
        percent(cnn.shifts[middle]),
        percent(ffnn.shifts[middle]),
        percent(cnn.shifts[far]),
        percent(ffnn.shifts[far])
    );
    let line = |pixels: usize| {
        let numbers = [cnn.shifts[pixels], cnn.same[pixels], ffnn.shifts[pixels], ffnn.same[pixels]];
        row(&[&pixels.to_string()], &numbers.map(percent))
    };
    let headings = ["convolutional", "as before", "fully connected", "as before"];
    let rows = (0..=far).map(line).collect();
    let caption =
        "Told right when shifted: means of up, down, left and right; and told as before the shift, right or not";
    let table = table("shifts", caption, &["pixels"], &headings, rows);
    vec![Part::Sentence(sentence), Part::Figure(chart(cnn, ffnn)), table]
}

/// Two bars for each way to learn.
fn bars(cnn: &Told, ffnn: &Told) -> Figure {
    const WIDTH: f64 = 0.34;
    let groups =
        [("as they are", cnn.all, ffnn.all), ("shuffled", cnn.shuffled, ffnn.shuffled), ("few", cnn.few, ffnn.few)];
    let bar = |id: String, x: f64, share: f64, role: Role, name: &str| Mark {
        id,
        term: None,
        value: Some(100.0 * share),
        shape: Shape::Bar { x, width: WIDTH, base: 0.0, y: 100.0 * share },
        role,
        label: Some(Label { text: format!("{:.1}\n{name}", 100.0 * share), place: Place::End, optional: false }),
    };
    let marks = groups.iter().enumerate().flat_map(|(at, (_, cnn, ffnn))| {
        let (x, step) = (at as f64, WIDTH / 2.0 + 0.03);
        [
            bar(format!("cnn-{at}"), x - step, *cnn, Role::Kernel, "conv."),
            bar(format!("ffnn-{at}"), x + step, *ffnn, Role::Input, "full"),
        ]
    });
    let ticks = groups.iter().enumerate().map(|(at, (name, ..))| Tick { at: at as f64, label: (*name).to_owned() });
    let x = Axis {
        label: "what was learned from".to_owned(),
        from: -0.6,
        to: 2.6,
        ticks: ticks.collect(),
        downwards: false,
    };
    let title = "Test pictures told right".to_owned();
    Figure {
        id: "conditions".to_owned(),
        description: format!("{title}: two bars for each way to learn; the table below has their numbers."),
        arrange: Arrange::Column,
        panels: vec![Panel { id: "conditions".to_owned(), title, x, y: percents(), marks: marks.collect() }],
        links: Vec::new(),
    }
}

/// A vertical axis from 0 to 100 %, with room for labels.
fn percents() -> Axis {
    let ticks = (0..=100).step_by(20).map(|at| Tick { at: f64::from(at), label: at.to_string() });
    Axis { label: "told right (%)".to_owned(), from: 0.0, to: 130.0, ticks: ticks.collect(), downwards: false }
}

/// Accuracy by shift: a curve for each net.
fn chart(cnn: &Told, ffnn: &Told) -> Figure {
    let far = cnn.shifts.len() - 1;
    let mut marks = Vec::new();
    // Each is named where it ends, unless both end at nearly the same place.
    let apart = (cnn.shifts[far] - ffnn.shifts[far]).abs();
    let end = if apart > 0.1 { far } else { far.min(2) };
    for (name, role, told, named) in
        [("convolutional", Role::Kernel, cnn, end), ("fully connected", Role::Input, ffnn, far)]
    {
        let id = name.replace(' ', "-");
        let points: Vec<[f64; 2]> =
            told.shifts.iter().enumerate().map(|(pixels, share)| [pixels as f64, 100.0 * share]).collect();
        let dot = |at: usize| {
            let label = (at == named).then(|| Label { text: name.to_owned(), place: Place::Right, optional: false });
            let [x, y] = points[at];
            Mark {
                id: format!("{id}-{at}"),
                term: None,
                value: Some(y),
                shape: Shape::Dot { x, y, hollow: role == Role::Input },
                role,
                label,
            }
        };
        let dots: Vec<Mark> = (0..points.len()).map(dot).collect();
        let curve = Shape::Curve { points };
        marks.push(Mark { id, term: None, value: None, shape: curve, role, label: None });
        marks.extend(dots);
    }
    let tick = |at: usize, label: String| Tick { at: at as f64, label };
    let x = Axis {
        label: "shift (pixels)".to_owned(),
        from: -0.3,
        to: far as f64 + 1.9,
        ticks: (0..=far).map(|at| tick(at, at.to_string())).collect(),
        downwards: false,
    };
    let title = "Test pictures told right, by how far they are shifted".to_owned();
    Figure {
        id: "shift".to_owned(),
        description: format!("{title}: two curves that fall with the shift; the table below has their numbers."),
        arrange: Arrange::Column,
        panels: vec![Panel { id: "accuracy".to_owned(), title, x, y: percents(), marks }],
        links: Vec::new(),
    }
}

fn locality(found: &Findings) -> Vec<Part> {
    let (cnn, ffnn) = (&found.cnn, &found.ffnn);
    let sentence = format!(
        "With all pixels shuffled alike, so that neighbours are no longer neighbours, the convolutional net tells {} right \
         instead of {}, the fully connected one {} instead of {}.",
        percent(cnn.shuffled),
        percent(cnn.all),
        percent(ffnn.shuffled),
        percent(ffnn.all)
    );
    let note = "A fully connected net never knew which pixels are neighbours: for it, shuffling only renames its weights, and what \
                changes is chance. What a convolutional net loses here is what locality was worth to it.";
    vec![Part::Sentence(sentence), Part::Note(note.to_owned())]
}

fn few(found: &Findings) -> Vec<Part> {
    let sentence = format!(
        "With {} pictures to learn from, one in a hundred, and as many steps, {} are told right by the convolutional net and {} by \
         the fully connected one.",
        grouped(found.few),
        percent(found.cnn.few),
        percent(found.ffnn.few)
    );
    vec![Part::Sentence(sentence)]
}

fn size(found: &Findings) -> Vec<Part> {
    let (cnn, ffnn) = (&found.cnn, &found.ffnn);
    let equal = found.smaller.iter().rev().find(|(_, accuracy)| *accuracy >= ffnn.all);
    let sentence = match equal {
        Some((parameters, accuracy)) => format!(
            "To be at least as accurate as the fully connected net with its {} parameters ({}), the smallest convolutional net tried \
             needs {} ({}).",
            grouped(ffnn.parameters),
            percent(ffnn.all),
            grouped(*parameters),
            percent(*accuracy)
        ),
        None => "None of the convolutional nets tried is as accurate as the fully connected one here.".to_owned(),
    };
    let smaller =
        found.smaller.iter().map(|(parameters, accuracy)| row(&[&grouped(*parameters)], &[percent(*accuracy)]));
    let smaller = table("smaller", "Smaller convolutional nets", &["parameters"], &["told right"], smaller.collect());
    let rows = vec![
        row(&["fully connected, same hidden layer"], &[grouped(ffnn.parameters), grouped(ffnn.large), "0".to_owned()]),
        row(
            &["convolutional, same layers"],
            &[grouped(cnn.parameters), grouped(cnn.large), grouped(cnn.large_convolutions)],
        ),
        row(&["convolutional, more stages"], &["".to_owned(), grouped(found.deeper), "".to_owned()]),
    ];
    let headings = ["here", "at 1024x1024", "of these in convolutions"];
    let large = table("large", "Parameters of the same nets on larger pictures", &["net"], &headings, rows);
    let note = "A kernel does not know how large the picture is: the convolutions keep their parameters. A linear layer on their maps \
                grows with the picture all the same; what keeps a convolutional net small are further stages, each of which halves the \
                maps before the linear layer sees them.";
    vec![Part::Sentence(sentence), smaller, large, Part::Note(note.to_owned())]
}

fn honesty(found: &Findings) -> Vec<Part> {
    let [convolution, pooling] = found.equivariance;
    let off = match convolution {
        0.0 => "are the same to the bit as".to_owned(),
        off => format!("differ by at most {off:.0e} of the largest number from"),
    };
    let sentence = format!(
        "Convolution follows a shift (equivariance): away from the edges, the first layer's maps of a picture shifted by one pixel \
         {off} its maps of the picture, shifted. After pooling by two, which keeps every second place, they differ by up to {}.",
        percent(pooling)
    );
    let note = "Neither makes the answer stay the same (invariance). Pooling makes it less sensitive to a pixel or two, and the linear \
                layers at the end know places well: a convolutional net that has seen centred pictures only is worse on shifted ones, \
                as the curve shows. What it needs for more is shifted pictures to learn from (faltung train --augment), or to average \
                over all places. Beyond the room around the figures a shift also cuts something off, which no net can see.";
    vec![Part::Sentence(sentence), Part::Note(note.to_owned())]
}

fn table(id: &str, caption: &str, words: &[&str], numbers: &[&str], rows: Vec<Row>) -> Part {
    let column = |align: Align| move |heading: &&str| Column { heading: (*heading).to_owned(), align };
    let columns = words.iter().map(column(Align::Left)).chain(numbers.iter().map(column(Align::Right))).collect();
    Part::Table(Table { id: id.to_owned(), caption: caption.to_owned(), columns, rows, marked: None })
}

fn row(words: &[&str], numbers: &[String]) -> Row {
    let texts = words.iter().map(|word| (*word).to_owned()).chain(numbers.iter().cloned());
    let cell = |text| Cell { text, value: None, term: None, emphasis: Emphasis::Plain };
    Row { kind: RowKind::Body, cells: texts.map(cell).collect() }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// `80,202`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 80_202, 104_858_710].map(grouped), ["0", "999", "1,000", "80,202", "104,858,710"]);
    }
}
