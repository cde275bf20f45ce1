//! Where results go: complete, or not at all.

use std::fs;

use faltung::{AnyArray, Array, Dtype};
use faltung_cli::io::{Form, Picture, PictureFormat, Place, ReadOptions, Table, check_target, read, write};

use crate::Folder;

fn numbers() -> AnyArray {
    Array::new(vec![3i64, 0, 5], &[3]).unwrap().into()
}

fn text() -> Form {
    Form::Text(Table::default())
}

#[test]
fn an_existing_file_is_replaced_and_keeps_its_permissions() {
    let folder = Folder::new();
    fs::write(folder.path("a.csv"), "old and much longer than the new one\n").unwrap();
    let mut permissions = fs::metadata(folder.path("a.csv")).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o640);
    fs::set_permissions(folder.path("a.csv"), permissions).unwrap();
    write(&folder.place("a.csv"), &numbers(), &text()).unwrap();
    assert_eq!(fs::read_to_string(folder.path("a.csv")).unwrap(), "3\n0\n5\n");
    let kept = fs::metadata(folder.path("a.csv")).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept) & 0o777, 0o640);
    assert_eq!(folder.names(), ["a.csv"]);
}

#[test]
fn links_are_followed() {
    let folder = Folder::new();
    fs::write(folder.path("real.csv"), "old").unwrap();
    std::os::unix::fs::symlink(folder.path("real.csv"), folder.path("link.csv")).unwrap();
    write(&folder.place("link.csv"), &numbers(), &text()).unwrap();
    assert!(fs::symlink_metadata(folder.path("link.csv")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(folder.path("real.csv")).unwrap(), "3\n0\n5\n");
}

#[test]
fn a_pipe_is_written_through() {
    let folder = Folder::new();
    let path = folder.path("pipe.npy");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let reader = std::thread::spawn({
        let place = Place::File(path.clone());
        move || read(&place, &ReadOptions::default()).unwrap().array
    });
    write(&Place::File(path), &numbers(), &Form::Npy).unwrap();
    assert_eq!(reader.join().unwrap(), numbers());
    assert_eq!(folder.names(), ["pipe.npy"]);
}

#[test]
fn a_failure_leaves_the_old_file_and_nothing_else() {
    let folder = Folder::new();
    fs::write(folder.path("a.png"), "old").unwrap();
    let failures = [
        write(&folder.place("a.png"), &AnyArray::zeros(Dtype::F32, &[4, 4]), &text()),
        write(&folder.place("a.png"), &AnyArray::zeros(Dtype::U8, &[4]), &text()),
        write(&folder.place("a.png"), &AnyArray::zeros(Dtype::U8, &[0, 4]), &text()),
        write(&folder.place("a.png"), &AnyArray::zeros(Dtype::U8, &[4, 4, 2]), &text()),
        write(&folder.place("missing/a.png"), &AnyArray::zeros(Dtype::U8, &[4, 4]), &text()),
    ];
    for (failure, words) in failures.into_iter().zip(["--map clip", "shape", "pixels", "shape", "no folder"]) {
        let failure = failure.unwrap_err();
        assert!(failure.message.contains(words) && failure.message.contains("a.png"), "{failure}");
    }
    assert_eq!(fs::read_to_string(folder.path("a.png")).unwrap(), "old");
    assert_eq!(folder.names(), ["a.png"]);
}

#[test]
fn a_read_only_file_stays() {
    let folder = Folder::new();
    fs::write(folder.path("a.csv"), "old").unwrap();
    let mut permissions = fs::metadata(folder.path("a.csv")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path("a.csv"), permissions).unwrap();
    let failure = write(&folder.place("a.csv"), &numbers(), &text()).unwrap_err();
    assert!(failure.message.ends_with("the file is read-only"), "{failure}");
    assert_eq!(fs::read_to_string(folder.path("a.csv")).unwrap(), "old");
}

#[test]
fn a_folder_that_takes_no_file_is_named() {
    // Root may write to a read-only folder, but nobody can to this one.
    let failure = write(&Place::File("/proc/a.csv".into()), &numbers(), &text()).unwrap_err();
    assert!(failure.message.starts_with("/proc/a.csv: no file can be made in /proc"), "{failure}");
}

#[test]
fn a_full_device_is_a_failure() {
    if !fs::exists("/dev/full").unwrap_or(false) {
        return;
    }
    let folder = Folder::new();
    std::os::unix::fs::symlink("/dev/full", folder.path("full.csv")).unwrap();
    let failure = write(&folder.place("full.csv"), &numbers(), &text()).unwrap_err();
    assert!(failure.message.ends_with("there is no space left on the device"), "{failure}");
    assert_eq!(folder.names(), ["full.csv"]);
}

#[test]
fn targets_are_judged_before_the_work() {
    let folder = Folder::new();
    let check = |name: &str, form: &Form, dtype, shape: &[usize]| check_target(&folder.place(name), form, dtype, shape);
    for name in ["a", "a.xyz", "a.gz", "a.png.gz", "a.npz.gz", ".csv.bak", "csv", "a.flac"] {
        let failure = check(name, &text(), Dtype::F64, &[3]).unwrap_err();
        assert_eq!(failure.code, 2, "{failure}");
        assert!(failure.message.contains("known are .csv, .tsv"), "{failure}");
    }
    for name in ["a.csv", "A.CSV", "a.b.tsv.gz", "a.txt", "a.npy", "a.npy.gz", "a.npz", "a.idx", "a.idx.gz"] {
        check(name, &text(), Dtype::F64, &[3]).unwrap();
    }
    let alpha = Some(AnyArray::zeros(Dtype::U8, &[4, 4]));
    let picture = Form::Picture(Picture { format: PictureFormat::Png, alpha, profile: None });
    check("a.png", &picture, Dtype::U8, &[4, 4, 3]).unwrap();
    for (name, dtype, shape, words) in [
        ("a.png", Dtype::U8, &[5, 5, 3], "--mode same"),
        ("a.png", Dtype::I16, &[4, 4, 3], "--map"),
        ("a.jpg", Dtype::U8, &[4, 4, 3], "no alpha"),
        ("a.tif", Dtype::F32, &[4, 4, 3], "alpha is u8"),
        ("a.idx", Dtype::U16, &[4, 4, 3], "IDX has no type u16"),
    ] {
        let failure = check(name, &picture, dtype, shape).unwrap_err();
        assert!(failure.code == 1 && failure.message.contains(words), "{failure}");
    }
    fs::create_dir(folder.path("d.csv")).unwrap();
    assert!(check("d.csv", &text(), Dtype::F64, &[3]).unwrap_err().message.contains("is a directory"));
}

#[test]
fn sources_that_are_no_files_are_named() {
    let folder = Folder::new();
    let read = |place: &Place| read(place, &ReadOptions::default()).unwrap_err().message;
    assert!(read(&folder.place("none.csv")).ends_with("none.csv: there is no such file"));
    assert!(read(&Place::File(folder.path("."))).contains("this is a directory"));
    assert!(read(&Place::File("/dev/null".into())).contains("/dev/null: the file is empty"));
    assert!(read(&Place::File("/dev/zero".into())).contains("neither text nor of a known format"));
}
