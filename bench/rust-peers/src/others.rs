//! Other libraries: ndarray-conv, imageproc, libblur. Their traits know each type apart, hence the macros.

use image::{ImageBuffer, Luma};
use imageproc::{filter, kernel::Kernel};
use libblur::{BlurImage, BlurImageMut, EdgeMode, FastBlurChannels, KernelShape, Scalar, ThreadingPolicy};
use ndarray::{Array1, Array2};
use ndarray_conv::{BorderType, ConvExt, ConvFFTExt, ConvMode, PaddingMode};

use crate::peer::{Given, Peer};

/// Multiplications that a direct loop is spared.
const MANY: usize = 3_000_000_000;

pub(crate) fn peers(given: &Given) -> Vec<Peer> {
    if given.number("stride").is_some() || given.shape.len() > 2 {
        return Vec::new();
    }
    let mut peers = Vec::new();
    match (given.kind.as_str(), given.dtype.as_str()) {
        ("signal", "f32") => signal_f32(given, &mut peers),
        ("signal", "f64") => signal_f64(given, &mut peers),
        ("image", "f32") => {
            image_f32(given, &mut peers);
            blur_f32(given, &mut peers);
        }
        ("image", "f64") => image_f64(given, &mut peers),
        ("image" | "gauss", "u8") => blur_u8(given, &mut peers),
        ("image" | "gauss", "u16") => blur_u16(given, &mut peers),
        ("gauss", "f32") => blur_f32(given, &mut peers),
        _ => {}
    }
    peers
}

/// Rows and columns of an image's kernel.
fn extent(given: &Given) -> (usize, usize) {
    let field = given.name.split('-').skip(3).find_map(|field| field.strip_prefix('k')).expect("a kernel's extents");
    let mut numbers = field.split('x').map(|n| n.parse().expect("extents"));
    let rows = numbers.next().expect("extents");
    (rows, numbers.next().unwrap_or(rows))
}

macro_rules! signals {
    ($name:ident, $sample:ty) => {
        fn $name(given: &Given, peers: &mut Vec<Peer>) {
            let x = Array1::from(given.input::<$sample>());
            let w: Array1<$sample> = given.weights::<f64>().iter().map(|&w| w as $sample).collect();
            let mode = |given: &Given| match () {
                _ if given.says("same") => ConvMode::Same,
                _ if given.says("valid") => ConvMode::Valid,
                _ => ConvMode::<1>::Full,
            };
            if x.len() * w.len() <= MANY {
                let (x, w, mode) = (x.clone(), w.clone(), mode(given));
                peers.push(Peer::new("rs:ndarray-conv", move || {
                    x.conv(&w, mode, PaddingMode::Zeros).expect("what it can").into_raw_vec_and_offset().0
                }));
            }
            let mode = mode(given);
            peers.push(Peer::new("rs:ndarray-conv fft", move || {
                let y = x.conv_fft(&w, mode, PaddingMode::Zeros).expect("what it can");
                y.iter().copied().collect()
            }));
        }
    };
}
signals!(signal_f32, f32);
signals!(signal_f64, f64);

macro_rules! images {
    ($name:ident, $sample:ty) => {
        fn $name(given: &Given, peers: &mut Vec<Peer>) {
            let border: BorderType<$sample> = match () {
                _ if given.says("wrap") => BorderType::Circular,
                _ if given.says("nearest") => BorderType::Replicate,
                _ if given.says("constant") => BorderType::Zeros,
                _ => BorderType::Reflect,
            };
            let (rows, columns) = extent(given);
            let shape = (given.shape[0], given.shape[1]);
            let x = Array2::from_shape_vec(shape, given.input::<$sample>()).expect("an image");
            let w = given.weights::<f64>().iter().map(|&w| w as $sample).collect();
            let w = Array2::from_shape_vec((rows, columns), w).expect("a kernel");
            if x.len() * w.len() <= MANY {
                let (x, w) = (x.clone(), w.clone());
                peers.push(Peer::new("rs:ndarray-conv", move || {
                    let y = x.conv(&w, ConvMode::Same, PaddingMode::Custom([border; 2]));
                    y.expect("what it can").into_raw_vec_and_offset().0
                }));
            }
            peers.push(Peer::new("rs:ndarray-conv fft", move || {
                let y = x.conv_fft(&w, ConvMode::Same, PaddingMode::Custom([border; 2]));
                y.expect("what it can").iter().copied().collect()
            }));
        }
    };
}
images!(image_f32, f32);
images!(image_f64, f64);

macro_rules! blurs {
    ($name:ident, $sample:ty) => {
        fn $name(given: &Given, peers: &mut Vec<Peer>) {
            let edge = match () {
                _ if given.says("wrap") => EdgeMode::Wrap,
                _ if given.says("nearest") => EdgeMode::Clamp,
                _ if given.says("mirror") => EdgeMode::Reflect101,
                _ if given.says("constant") => EdgeMode::Constant,
                _ => EdgeMode::Reflect,
            };
            let separable = given.kind == "gauss";
            let (rows, columns) = extent(given);
            let (height, width) = (given.shape[0], given.shape[1]);
            let x = given.input::<$sample>();
            let mut w: Vec<f32> = given.weights::<f64>().iter().map(|&w| w as f32).collect();
            w.reverse();
            let threads = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok());
            let policy = match threads.and_then(std::num::NonZeroUsize::new) {
                Some(threads) if threads.get() > 1 => ThreadingPolicy::Fixed(threads),
                _ => ThreadingPolicy::Single,
            };
            if height * width * rows * columns <= MANY {
                peers.push(imageproc_peer(&x, (width, height), &w, (columns, rows), separable));
            }
            peers.push(Peer::new("rs:libblur", move || {
                let size = (width as u32, height as u32);
                let source = BlurImage::borrow(&x, size.0, size.1, FastBlurChannels::Plane);
                let mut y = vec![<$sample>::default(); height * width];
                let mut target = BlurImageMut::borrow(&mut y, size.0, size.1, FastBlurChannels::Plane);
                let (edge, zero) = (edge.as_2d(), Scalar::default());
                let done = if separable {
                    libblur::filter_1d_exact::<$sample, f32, 1>(&source, &mut target, &w, &w, edge, zero, policy)
                } else {
                    let shape = KernelShape::new(columns, rows);
                    libblur::filter_2d::<$sample, f32>(&source, &mut target, &w, shape, edge, zero, policy)
                };
                done.expect("what it can");
                y
            }));
        }
    };
}
blurs!(blur_f32, f32);
blurs!(blur_u8, u8);
blurs!(blur_u16, u16);

/// What imageproc filters: it repeats the edge, whatever the boundary.
fn imageproc_peer<S>(x: &[S], size: (usize, usize), w: &[f32], kernel: (usize, usize), separable: bool) -> Peer
where
    S: image::Primitive + bytemuck::Pod + Into<f32> + imageproc::definitions::Clamp<f32> + Send + Sync + 'static,
    Luma<S>: image::Pixel<Subpixel = S>,
{
    let image: ImageBuffer<Luma<S>, Vec<S>> =
        ImageBuffer::from_raw(size.0 as u32, size.1 as u32, x.to_vec()).expect("an image");
    let w = w.to_vec();
    Peer::new("rs:imageproc", move || {
        if separable {
            return filter::separable_filter_equal(&image, &w).into_raw();
        }
        let kernel = Kernel::new(&w, kernel.0 as u32, kernel.1 as u32);
        filter::filter::<_, _, _, Luma<S>>(&image, kernel, S::clamp).into_raw()
    })
}
