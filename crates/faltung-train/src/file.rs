//! Models and checkpoints as files: the format safetensors, with what rebuilds the net in its header.
//!
//! A file holds the tensors that [`Net::tensors`] names, and one word of metadata, `faltung`: a JSON object with the
//! [`Description`]. A checkpoint has beside them the optimiser's moments, `0.weight.moment0` and so on, and in the object the
//! state of the training; read as a model it is the net as far as it is. Equal nets have equal bytes.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

use crate::{Description, Error, Net, Options, Result};

/// What the metadata are called.
const KEY: &str = "faltung";
/// The version of the header.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    net: Description,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    training: Option<State>,
}

/// Where a training stands, besides its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) options: Options,
    /// The next step.
    pub(crate) step: u64,
    /// What came of the pictures seen in this epoch.
    pub(crate) loss: f64,
    pub(crate) correct: usize,
    pub(crate) pictures: usize,
    /// The fingerprint of the data.
    pub(crate) data: u64,
}

impl Net {
    /// The bytes of a file in the format safetensors.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be made.
    ///
    /// ```
    /// use faltung_train::{Description, Net, Shape};
    /// let net = Net::new(Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10), 1)?;
    /// let loaded = Net::load(&net.save()?)?;
    /// assert_eq!((loaded.description(), loaded.parameters()), (net.description(), net.parameters()));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn save(&self) -> Result<Vec<u8>> {
        write(self, None)
    }

    /// The net of such bytes, or of those of a checkpoint.
    ///
    /// # Errors
    /// [`Error::File`] if they are none, or if something is missing in them.
    ///
    /// ```
    /// use faltung_train::Net;
    /// let error = Net::load(b"something else").unwrap_err();
    /// assert!(error.to_string().starts_with("this is no model"));
    /// ```
    pub fn load(bytes: &[u8]) -> Result<Net> {
        let (header, tensors) = read(bytes)?;
        net(header.net, &tensors)
    }
}

/// A model, or with the state of a training a checkpoint.
pub(crate) fn write(net: &Net, training: Option<(&State, &[Vec<f32>])>) -> Result<Vec<u8>> {
    let wrong = |error: String| Error::File(format!("the model cannot be written: {error}"));
    let state = training.map(|(state, _)| *state);
    let header = Header { version: VERSION, net: net.description().clone(), training: state };
    let header = serde_json::to_string(&header).map_err(|error| wrong(error.to_string()))?;
    let mut all: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect();
    for tensor in net.tensors() {
        all.push((tensor.name, tensor.shape, bytes(tensor.values)));
    }
    for (number, moment) in training.iter().flat_map(|(_, moments)| moments.iter().enumerate()) {
        for tensor in net.named(moment) {
            all.push((moment_name(&tensor.name, number), tensor.shape, bytes(tensor.values)));
        }
    }
    let views: Result<Vec<_>, _> = all
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
        .collect::<Result<_, safetensors::SafeTensorError>>();
    let views = views.map_err(|error| wrong(error.to_string()))?;
    // One entry: a map of several would come out in any order.
    let metadata = Some([(KEY.to_owned(), header)].into_iter().collect());
    safetensors::serialize(views, metadata).map_err(|error| wrong(error.to_string()))
}

/// The net, the state of its training and the optimiser's moments.
pub(crate) fn read_checkpoint(bytes: &[u8]) -> Result<(Net, State, Vec<Vec<f32>>)> {
    let (header, tensors) = read(bytes)?;
    let Some(state) = header.training else {
        return Err(Error::File("this is a model and no checkpoint: its training cannot go on".to_owned()));
    };
    let net = net(header.net, &tensors)?;
    let moment = |number| {
        let named = net.tensors().into_iter().map(|tensor| (moment_name(&tensor.name, number), tensor.shape));
        numbers(&tensors, named)
    };
    let moments = (0..state.options.optimiser.moments()).map(moment).collect::<Result<_>>()?;
    Ok((net, state, moments))
}

fn moment_name(tensor: &str, number: usize) -> String {
    format!("{tensor}.moment{number}")
}

fn read(bytes: &[u8]) -> Result<(Header, SafeTensors<'_>)> {
    let foreign = |what: &str| Error::File(format!("this is no model of faltung train: {what}"));
    let damaged =
        |error: safetensors::SafeTensorError| foreign(&format!("{error}; an intact safetensors file is needed"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let header = metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
    let header = header.ok_or_else(|| foreign("its header does not describe a net"))?;
    let wrong = |error: serde_json::Error| foreign(&format!("its header says {error}"));
    // Before all else, which another version may have otherwise.
    let Version { version } = serde_json::from_str(header).map_err(wrong)?;
    if version != VERSION {
        return Err(foreign(&format!("its version is {version}, and {VERSION} is read")));
    }
    let header: Header = serde_json::from_str(header).map_err(wrong)?;
    Ok((header, SafeTensors::deserialize(bytes).map_err(damaged)?))
}

/// The net with its parameters out of the file.
fn net(description: Description, tensors: &SafeTensors<'_>) -> Result<Net> {
    // Before memory is asked for: a description is a few bytes, and may claim much.
    let (claimed, there) = (description.parameters()?, tensors.iter().map(|(_, view)| view.data().len() / 4).sum());
    if claimed > there {
        return Err(Error::File(format!("the model's header claims {claimed} parameters, and the file has {there}")));
    }
    let blank = Net::with_parameters(description.clone(), vec![0.0; claimed])?;
    let named = blank.tensors().into_iter().map(|tensor| (tensor.name, tensor.shape));
    let parameters = numbers(tensors, named)?;
    Net::with_parameters(description, parameters)
}

/// The numbers of these tensors, one after the other.
fn numbers(tensors: &SafeTensors<'_>, named: impl Iterator<Item = (String, Vec<usize>)>) -> Result<Vec<f32>> {
    let mut all = Vec::new();
    for (name, shape) in named {
        let wrong = |what: String| Error::File(format!("the model's tensor {name} {what}"));
        let tensor = tensors.tensor(&name).map_err(|_| wrong("is missing".to_owned()))?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            let came = (tensor.dtype(), tensor.shape());
            return Err(wrong(format!("is {:?} of shape {:?}: expected F32 of shape {shape:?}", came.0, came.1)));
        }
        let bytes = tensor.data().chunks_exact(4);
        let before = all.len();
        all.extend(bytes.map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])));
        if let Some(at) = all[before..].iter().position(|number| !number.is_finite()) {
            return Err(wrong(format!("holds {} at {at}: expected finite numbers", all[before + at])));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LayerDescription, Shape};

    fn small() -> Net {
        let shape = Shape { channels: 1, height: 4, width: 4 };
        Net::new(Description::cnn_of_width(shape, 2, 1), 1).expect("a net")
    }

    #[test]
    fn equal_nets_have_equal_bytes() {
        assert_eq!(small().save(), small().save());
    }

    #[test]
    fn damaged_files_are_refused_without_a_panic() {
        let bytes = small().save().expect("a file");
        for len in 0..bytes.len() {
            assert!(Net::load(&bytes[..len]).is_err(), "the first {len} bytes are no model");
        }
        for at in 0..bytes.len() {
            for flip in [1, 16, 128] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                let _ = Net::load(&damaged); // weights may be others, and all else is an error
            }
        }
    }

    /// The file of a net with its header changed.
    fn changed(net: &Net, from: &str, to: &str) -> crate::Error {
        let bytes = net.save().expect("a file");
        let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
        let header = String::from_utf8(bytes[8..8 + length].to_vec()).expect("JSON").replace(from, to);
        let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &bytes[8 + length..]].concat();
        Net::load(&file).expect_err("it is no such file")
    }

    #[test]
    fn another_version_is_told_before_anything_else() {
        let error = changed(&small(), r#"\"version\":1,"#, r#"\"version\":2,\"later\":0,"#).to_string();
        assert!(error.contains("its version is 2, and 1 is read"), "{error}");
    }

    #[test]
    fn more_parameters_than_the_file_has_are_not_made() {
        let net = Net::new(Description::ffnn(Shape::line(4), 2, 30), 1).expect("a net");
        let width = net.description().layers.iter().find_map(|layer| match layer {
            LayerDescription::Linear { outputs } => Some(*outputs),
            _ => None,
        });
        let from = format!(r#"\"outputs\":{}"#, width.expect("a hidden layer"));
        let error = changed(&net, &from, r#"\"outputs\":1000000000"#).to_string();
        assert!(error.contains("claims") && error.contains("and the file has"), "{error}");
    }

    #[test]
    fn what_is_no_number_is_no_parameter() {
        let net = Net::with_parameters(small().description().clone(), vec![f32::NAN; small().parameters().len()]);
        let error = Net::load(&net.expect("a net").save().expect("a file")).expect_err("NaN").to_string();
        assert!(error.contains("holds NaN at 0: expected finite numbers"), "{error}");
    }

    #[test]
    fn claims_are_held_against_memory() {
        let honest = small();
        let mut claimed = honest.description().clone();
        claimed
            .layers
            .insert(0, LayerDescription::Conv { outputs: 1, kernel: [1, 1], stride: [1, 1], padding: [1 << 20; 2] });
        claimed.input = Shape { channels: 1, height: 4, width: 4 };
        let error = Net::with_parameters(claimed, vec![0.0; 9]).expect_err("no memory holds it").to_string();
        assert!(error.contains("numbers of each picture") || error.contains("more numbers"), "{error}");
    }
}
