"""Names of files that every system takes."""

from toolkit.preparing.file_names import name_files


def test_file_names_are_safe_on_every_system_and_never_collide():
    reserved = ["CON", "nul", "Lpt1", "COM¹"]  # by Windows, whatever stands after the dot
    names = ["甲镇", "甲镇.", "甲镇 ", "a/b", "a:b", "Abc", "abc", "x" * 200, "../etc", *reserved]
    files = name_files(names)
    assert files["甲镇"] == "甲镇" and name_files(["督办〔2025〕1号甲镇"]) == {
        "督办〔2025〕1号甲镇": "督办〔2025〕1号甲镇"
    }
    assert len({file.casefold() for file in files.values()}) == len(names)
    assert not any(set(file) & set('/\\:*?"<>|.') for file in files.values())
    assert max(map(len, files.values())) <= 80
    assert not {file.casefold() for file in files.values()} & {name.casefold() for name in reserved}
