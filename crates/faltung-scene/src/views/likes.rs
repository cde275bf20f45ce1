//! The view `likes`: the article's story. Posts go out hour by hour, each gets likes for some hours, and the likes that arrive in
//! an hour are a convolution: each batch of posts by the likes per post at its age.
//!
//! What arrives *in* an hour is one number, what has arrived *so far* another; both are shown. A batch that is older than the
//! kernel gets nothing more: it is listed as expired.

use faltung::{Mode, Number, Operation, trace::Trace};

use super::{
    Story,
    axes::{height, heights, places, value},
    line::{Line, sum},
};
use crate::{
    Align, Arrange, Cell, Column, Emphasis, Figure, Label, Mark, Panel, Part, Place, Result, Role, Row, RowKind, Scene,
    Shape, Subject, Table, Words,
    number::{exact, factor},
    subject::unfit,
};

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let (line, chosen) = Line::new("likes", subject, at)?;
    let size = &line.size;
    let plain = size.mode == Mode::Full && size.stride == 1 && size.dilation == 1 && !line.is_extended();
    if !plain || line.tracer().operation() == Operation::Correlate || line.cut {
        let problem = "tells a full convolution of few samples, with zeros beyond the ends";
        return Err(unfit("likes", problem, "choose view stage, or leave mode, boundary and steps as they are"));
    }
    let places = line.outputs.0..=line.outputs.1;
    let hours = Hours::new(line)?;
    let title = "Posts, and the likes that arrive".to_owned();
    Ok(Story { title, places, chosen, scene: Box::new(move |t| hours.scene(t)) })
}

struct Hours<'s> {
    line: Line<'s>,
    posts: Vec<Number>,
    /// For each output, its trace and the sum of all up to it.
    likes: Vec<(Trace, Number)>,
}

impl<'s> Hours<'s> {
    fn new(line: Line<'s>) -> Result<Hours<'s>> {
        let posts = (0..line.size.len as isize).map(|tau| line.sample(tau)).collect::<Result<Vec<_>>>()?;
        let mut so_far = Number::Whole(0);
        let mut likes = Vec::new();
        for t in 0..line.size.out as isize {
            let trace = line.trace(t)?;
            so_far = total(so_far, trace.sum);
            likes.push((trace, so_far));
        }
        Ok(Hours { line, posts, likes })
    }

    fn scene(&self, t: isize) -> Result<Scene> {
        let line = &self.line;
        let trace = line.trace(t)?;
        let so_far = self.so_far(t);
        let arriving = line.subject.told(trace.sum);
        let sentence =
            format!("t = {t}: {} {} in the hour, {so_far} so far.", sum(line.subject, &trace), likes(&arriving));
        let parts = vec![
            Part::Sentence(sentence.clone()),
            Part::Table(self.batches(t)),
            Part::Figure(self.figure(t)),
            Part::Table(self.totals(t)),
            Part::Note(
                "Likes in the hour are those that arrive then, not those counted so far: the last row adds them up."
                    .to_owned(),
            ),
        ];
        let title = format!("{} = {arriving} {} in hour {t}", line.output_name(t), likes(&arriving));
        Ok(Scene { title, place: format!("t = {t}"), description: format!("{sentence} {}", self.told(t)), parts })
    }

    fn so_far(&self, t: isize) -> String {
        let last = usize::try_from(t).ok().and_then(|t| self.likes.get(t.min(self.likes.len() - 1)));
        last.map_or("0".to_owned(), |(_, so_far)| self.line.subject.told(*so_far))
    }

    /// The batches that have been posted, each with its age.
    fn posted(&self, t: isize) -> impl Iterator<Item = (isize, usize, Number)> {
        let batches = (0..).zip(&self.posts).filter(move |(tau, posts)| *tau <= t && !posts.is_zero());
        batches.map(move |(tau, posts)| (tau, (t - tau) as usize, *posts))
    }

    /// The likes per post at an age; none once a batch has expired.
    fn per_post(&self, age: usize) -> Option<Number> {
        self.line.tracer().weights().get(age).copied()
    }

    /// One batch as a phrase: `3 posts × 1 like per post after 4 hours`.
    fn phrase(&self, age: usize, posts: Number) -> String {
        let posts = counted(&self.line.subject.told(posts), "post", "posts");
        let each = self.per_post(age).map_or("0".to_owned(), exact);
        let when = match age {
            0 => "at posting time".to_owned(),
            1 => "after 1 hour".to_owned(),
            _ => format!("after {age} hours"),
        };
        let expired = if self.per_post(age).is_none() { ": expired" } else { "" };
        format!("{posts} × {} per post {when}{expired}", counted(&each, "like", "likes"))
    }

    fn told(&self, t: isize) -> String {
        let batches = self.posted(t).map(|(tau, age, posts)| format!("Posted at {tau}: {}.", self.phrase(age, posts)));
        batches.collect::<Vec<_>>().join(" ")
    }

    /// Who gets likes in this hour, batch by batch; those that have expired with none.
    fn batches(&self, t: isize) -> Table {
        let column = |heading: &str, align| Column { heading: heading.to_owned(), align };
        let told = |number| self.line.subject.told(number);
        let mut running = Number::Whole(0);
        let mut rows = Vec::new();
        for (tau, age, posts) in self.posted(t) {
            let each = self.per_post(age).unwrap_or(Number::Whole(0));
            let of = |trace: &Trace| trace.terms.iter().find(|term| term.at[0] == tau).map(|term| term.product);
            let product = self.likes.get(t as usize).and_then(|(trace, _)| of(trace)).unwrap_or(Number::Whole(0));
            running = total(running, product);
            let emphasis = if product.is_zero() { Emphasis::Faint } else { Emphasis::Plain };
            let term = self.per_post(age).map(|_| format!("term-{tau}"));
            let cell = |text: String| Cell { text, value: None, term: term.clone(), emphasis };
            let number = |text, number| Cell { value: value(number), ..cell(text) };
            let terms = format!("{}·{} = {}", factor(&told(posts)), factor(&exact(each)), told(product));
            rows.push(Row {
                kind: RowKind::Body,
                cells: vec![
                    cell(format!("{} at t = {tau}", counted(&told(posts), "post", "posts"))),
                    cell(self.phrase(age, posts)),
                    number(terms, product),
                    number(told(running), running),
                ],
            });
        }
        let columns = vec![
            column("likes received by", Align::Left),
            column("why", Align::Left),
            column("likes", Align::Right),
            column("running", Align::Right),
        ];
        Table {
            id: "batches".to_owned(),
            caption: format!("Likes that arrive in hour {t}"),
            columns,
            rows,
            marked: None,
        }
    }

    /// Every hour with its posts, its likes, and the likes so far.
    fn totals(&self, t: isize) -> Table {
        let heading = |heading: String| Column { heading, align: Align::Right };
        let hours = (0..self.likes.len()).map(|t| heading(t.to_string()));
        let row = |kind, name: &str, number: &dyn Fn(usize) -> Number| {
            let cells = (0..self.likes.len()).map(|t| Cell {
                text: self.line.subject.compact(number(t)),
                value: value(number(t)),
                ..Cell::default()
            });
            let name = Cell { text: name.to_owned(), ..Cell::default() };
            Row { kind, cells: [name].into_iter().chain(cells).collect() }
        };
        Table {
            id: "totals".to_owned(),
            caption: "Hour by hour: posts, likes in the hour, and all so far".to_owned(),
            columns: [Column { heading: "hour".to_owned(), align: Align::Left }].into_iter().chain(hours).collect(),
            rows: vec![
                row(RowKind::Body, "posts", &|t| self.posts.get(t).copied().unwrap_or(Number::Whole(0))),
                row(RowKind::Body, "likes in the hour", &|t| self.likes[t].0.sum),
                row(RowKind::Total, "likes so far", &|t| self.likes[t].1),
            ],
            marked: self.line.is_output(t).then(|| t as usize + 1),
        }
    }

    fn figure(&self, t: isize) -> Figure {
        let line = &self.line;
        let range = (-1, self.likes.len() as isize);
        let hour = |label: &str| places(label.to_owned(), range, |t| (t >= 0).then(|| t.to_string()));
        let panel =
            |id: &str, title: &str, x, y, marks| Panel { id: id.to_owned(), title: title.to_owned(), x, y, marks };
        let weights = line.tracer().weights();
        let Words { input, kernel, .. } = line.subject.words();
        let panels = vec![
            panel(
                "posts",
                &format!("{input}(τ)"),
                hour("τ (hours, posting time)"),
                heights("posts", self.posts.iter().map(|n| height(*n))),
                self.post_marks(t),
            ),
            panel(
                "ages",
                &format!("{kernel}(age)"),
                hour("age (hours since posting)"),
                heights("likes per post", weights.iter().map(|n| height(*n))),
                self.age_marks(),
            ),
            panel(
                "likes",
                &line.output_function(),
                hour("t (hours, when likes arrive)"),
                heights("likes in the hour", self.likes.iter().map(|(trace, _)| height(trace.sum))),
                self.like_marks(t),
            ),
        ];
        let description = format!(
            "Three bar charts over one another: posts in each hour, likes per post by age, and likes in each hour. The bar of \
             hour {t} is a stack of what each batch adds."
        );
        Figure { id: "likes".to_owned(), description, arrange: Arrange::Column, panels, links: Vec::new() }
    }

    fn post_marks(&self, t: isize) -> Vec<Mark> {
        let posted = (0..).zip(&self.posts).filter(|(_, posts)| !posts.is_zero());
        posted
            .map(|(tau, posts)| Mark {
                term: (tau <= t && self.per_post((t - tau) as usize).is_some()).then(|| format!("term-{tau}")),
                role: if tau <= t { Role::Input } else { Role::Ghost },
                ..bar(self.line.subject, format!("posts-{tau}"), tau, *posts)
            })
            .collect()
    }

    fn age_marks(&self) -> Vec<Mark> {
        let weights = self.line.tracer().weights().iter().enumerate();
        weights
            .map(|(age, n)| Mark {
                role: Role::Kernel,
                ..bar(self.line.subject, format!("likes-{age}"), age as isize, *n)
            })
            .collect()
    }

    /// A bar for each hour; that of the hour shown is a stack of its batches.
    fn like_marks(&self, t: isize) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (at, (trace, _)) in (0..).zip(&self.likes) {
            let role = if at < t { Role::Output } else { Role::Ghost };
            if at != t {
                let mut mark = Mark { role, ..bar(self.line.subject, format!("output-{at}"), at, trace.sum) };
                mark.label = mark.label.filter(|_| at < t);
                marks.push(mark);
                continue;
            }
            let mut base = 0.0;
            for term in trace.terms.iter().filter(|term| !term.product.is_zero()) {
                let top = base + height(term.product);
                marks.push(Mark {
                    id: format!("product-{}", term.at[0]),
                    term: Some(format!("term-{}", term.at[0])),
                    value: value(term.product),
                    shape: Shape::Bar { x: at as f64, width: 0.7, base, y: top },
                    role: if height(term.product) < 0.0 { Role::Negative } else { Role::Positive },
                    label: Some(Label {
                        text: self.line.subject.told(term.product),
                        place: Place::Inside,
                        optional: true,
                    }),
                });
                base = top;
            }
            marks.push(Mark {
                id: "marker".to_owned(),
                term: None,
                value: value(trace.sum),
                shape: Shape::Dot { x: at as f64, y: height(trace.sum), hollow: false },
                role: Role::Marker,
                label: Some(Label { text: self.line.subject.labelled(trace.sum), place: Place::End, optional: false }),
            });
        }
        marks
    }
}

fn bar(subject: &Subject<'_>, id: String, x: isize, number: Number) -> Mark {
    Mark {
        id,
        term: None,
        value: value(number),
        shape: Shape::Bar { x: x as f64, width: 0.7, base: 0.0, y: height(number) },
        role: Role::Plain,
        label: Some(Label { text: subject.labelled(number), place: Place::End, optional: true }),
    }
}

/// `1 post`, `3 posts`.
fn counted(number: &str, one: &str, many: &str) -> String {
    format!("{number} {}", if number == "1" { one } else { many })
}

fn likes(number: &str) -> &'static str {
    if number == "1" { "like" } else { "likes" }
}

/// The sum, whole while both are.
fn total(a: Number, b: Number) -> Number {
    match (a, b) {
        (Number::Whole(a), Number::Whole(b)) if a.checked_add(b).is_some() => Number::Whole(a + b),
        _ => Number::Real(a.to_complex().re + b.to_complex().re),
    }
}
