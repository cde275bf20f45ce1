//! `faltung features`: what a model has learned, to look at.
//!
//! Four rooms: the picture, with the receptive field of one cell; the filters of the first convolution; what each of them makes
//! of the picture; and the maps of the layer that the cell belongs to.

use faltung_train::{LayerDescription, Maps, Net};

use faltung_scene::paint::{Look, png_of_svg};

use super::predict::{likeliest, model, one};
use crate::{
    args::Features,
    dataset::refused,
    gallery::{Gallery, Room, Sign, Tile},
    io::{self, Failure, Place},
};

/// Most filters and maps of a room.
const MOST: usize = 64;

/// What the output's name asks for.
enum Format {
    Svg,
    Png,
}

/// Draws and writes the sheet.
pub(super) fn run(args: &Features) -> Result<(), Failure> {
    let extension = args.output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let format = match extension.as_deref() {
        Some("svg") => Format::Svg,
        Some("png") => Format::Png,
        _ => {
            let name = args.output.display();
            return Err(Failure::usage(format!("{name}: features are drawn as .svg or .png: name the file so")));
        }
    };
    io::check_file(&args.output)?;
    let net = model(&args.model)?;
    let place = if args.image == "-" { Place::Standard } else { Place::File((&args.image).into()) };
    let data = one(&net, &place)?;
    let maps = net.maps(&data, 0).map_err(refused)?;
    let layer = chosen(&net, &maps, args.layer)?;
    let cell = args.cell.unwrap_or([layer.shape.height / 2, layer.shape.width / 2]);
    let field = net.description().receptive_field(layer.layer, cell).map_err(|error| usage(&error))?;

    let row = net.probabilities(&data).map_err(refused)?.swap_remove(0);
    let (class, probability) = likeliest(&row);
    let name = args.image.to_string_lossy();
    let title = format!("{name} is taken for {} ({:.1} %)", net.description().classes[class], 100.0 * probability);
    let [row, column] = cell;
    let mut rooms = vec![Room {
        heading: format!("What cell {row},{column} of layer {} sees of the picture", layer.layer),
        sign: Sign::Ink,
        cell: (224 / data.shape().width.max(data.shape().height)).max(1),
        tiles: planes(data.picture(0).iter().map(|&pixel| f32::from(pixel)).collect(), data.shape(), "channel")
            .into_iter()
            .map(|tile| Tile { frame: Some(field.clone()), ..tile })
            .collect(),
    }];
    rooms.extend(filters(&net));
    rooms.extend(first_maps(&net, &maps));
    rooms.push(maps_of(&net, layer, Some(cell)));
    let sheet = Gallery { title, rooms };
    let svg = sheet.svg();
    let bytes = match format {
        Format::Svg => svg.into_bytes(),
        Format::Png => {
            let words = [&sheet.title[..], &sheet.description()];
            png_of_svg(&svg, words, &Look::default(), args.scale.unwrap_or(2.0))
                .map_err(|error| Failure::usage(error.to_string()))?
        }
    };
    io::write_file(&args.output, &bytes)
}

fn usage(error: &faltung_train::Error) -> Failure {
    Failure::usage(error.to_string())
}

/// The maps of the layer asked for, else of the last that has rows and columns.
fn chosen<'a>(net: &Net, maps: &'a [Maps], layer: Option<usize>) -> Result<&'a Maps, Failure> {
    let has_cells = |maps: &&Maps| maps.shape.height * maps.shape.width > 1;
    match layer {
        None => maps.iter().rfind(has_cells).ok_or_else(|| Failure::data("the model has no layer with feature maps")),
        Some(layer) => maps.iter().find(|maps| maps.layer == layer).ok_or_else(|| {
            let known: Vec<_> = maps.iter().map(|maps| format!("{} ({})", maps.layer, word(net, maps.layer))).collect();
            Failure::usage(format!("layer {layer} has no maps: the model's layers are {}", known.join(", ")))
        }),
    }
}

fn word(net: &Net, layer: usize) -> &'static str {
    net.description().layers[layer].name()
}

/// The kernels of the first convolution.
fn filters(net: &Net) -> Option<Room> {
    let tensor = net.tensors().into_iter().find(|tensor| tensor.shape.len() == 4)?;
    let [_, inputs, rows, columns] = tensor.shape[..] else { return None };
    let tile = |(at, values): (usize, &[f32])| {
        let (kernel, input) = (at / inputs, at % inputs);
        let name = if inputs == 1 { format!("{kernel}") } else { format!("{kernel}.{input}") };
        Tile { name, rows, columns, values: values.to_vec(), frame: None }
    };
    let tiles = tensor.values.chunks_exact(rows * columns).enumerate().take(MOST).map(tile).collect();
    let heading = "Filters of the first convolution: green above zero, orange with a bar below".to_owned();
    Some(Room { heading, sign: Sign::Both, cell: (40 / rows.max(columns)).max(3), tiles })
}

/// What the first convolution makes of the picture, after the layer that cuts off what is below zero if there is one.
fn first_maps(net: &Net, maps: &[Maps]) -> Option<Room> {
    let is_conv = |maps: &Maps| matches!(net.description().layers[maps.layer], LayerDescription::Conv { .. });
    let first = maps.iter().position(is_conv)?;
    let after = maps.get(first + 1).filter(|next| word(net, next.layer) == "relu");
    Some(maps_of(net, after.unwrap_or(&maps[first]), None))
}

/// The maps of a layer, with the cell framed.
fn maps_of(net: &Net, maps: &Maps, cell: Option<[usize; 2]>) -> Room {
    let sign = if maps.values.iter().any(|&value| value < 0.0) { Sign::Both } else { Sign::Ink };
    let frame = cell.map(|[row, column]| [row..row + 1, column..column + 1]);
    let tiles = planes(maps.values.clone(), maps.shape, "");
    Room {
        heading: format!("Maps of layer {} ({}), {}", maps.layer, word(net, maps.layer), maps.shape),
        sign,
        cell: (76 / maps.shape.width.max(maps.shape.height)).clamp(1, 12),
        tiles: tiles.into_iter().take(MOST).map(|tile| Tile { frame: frame.clone(), ..tile }).collect(),
    }
}

/// A tile for each channel.
fn planes(values: Vec<f32>, shape: faltung_train::Shape, word: &str) -> Vec<Tile> {
    let planes = values.chunks_exact(shape.height * shape.width).enumerate();
    let name = |channel: usize| {
        if shape.channels > 1 { format!("{word} {channel}").trim_start().to_owned() } else { String::new() }
    };
    let tile = |(channel, values): (usize, &[f32])| Tile {
        name: name(channel),
        rows: shape.height,
        columns: shape.width,
        values: values.to_vec(),
        frame: None,
    };
    planes.map(tile).collect()
}
