"""A notebook that the office wrote itself: what is wrong with it, in which cell, and what to do."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from toolkit.checking.own import check_own, list_disorder, list_parameter_mistakes, list_paths, list_personal
from toolkit.checking.results import FAILED, PASSED, SKIPPED
from toolkit.checking.template import make_notebook, write_notebook
from toolkit.errors import ParameterError

PARAMETERS = new_code_cell("n: int = 1", metadata={"tags": ["parameters"]})


def notebook_of(*cells):
    return new_notebook(cells=[PARAMETERS, *cells])


def shows(text):
    return new_code_cell("x", outputs=[new_output("execute_result", {"text/plain": text})])


def test_a_notebook_without_a_parameters_cell_is_told_how_to_mark_one():
    [said] = list_parameter_mistakes(new_notebook(cells=[new_code_cell("n = 1")]))
    assert "没有参数单元格" in said and "加标签 parameters" in said
    assert list(list_parameter_mistakes(notebook_of())) == []
    assert list(
        list_parameter_mistakes(notebook_of(new_code_cell("m: int = 2", metadata=PARAMETERS.metadata)))
    ) == ["第1、2个单元格都标为参数：只留一个"]


@pytest.mark.parametrize(
    "path",
    ["C:\\\\data\\\\a.xlsx", "D:/导出/a.xlsx", "/home/" + "li/a.csv", "\\\\\\\\server\\\\a", "~/a.csv"],
)
def test_a_path_of_one_machine_is_named_with_its_cell(path):
    [said] = list_paths(notebook_of(new_code_cell(f'pd.read_csv("{path}")')))
    assert said.startswith("第2个单元格有本机路径") and "改为相对项目文件夹的路径" in said


@pytest.mark.parametrize("text", ["outputs/demo", "https:" + "//a.b/c", "2025/3/4", "3/4", "是/否"])
def test_what_is_no_path_of_one_machine_passes(text):
    assert list(list_paths(notebook_of(new_code_cell(f'x = "{text}"')))) == []


def test_cells_run_out_of_order_are_named_and_those_never_run_are_not():
    run = [new_code_cell("x", execution_count=count) for count in (3, None, 2)]
    assert [said[:5] for said in list_disorder(notebook_of(*run))] == ["第4个单元"]
    in_order = [new_code_cell("x", execution_count=count) for count in (1, 2, 5)]
    assert list(list_disorder(notebook_of(*in_order))) == []


@pytest.mark.parametrize("text", ["联系电话13912345678", "身份证110101199003071234"])
def test_a_number_of_a_person_in_an_output_is_named_by_its_cell_and_not_repeated(text):
    [said] = list_personal(notebook_of(shows(text)))
    assert said.startswith("第2个单元格的输出里有像电话或证件的号码")
    assert text[-6:] not in said


def test_a_ticket_number_and_a_masked_phone_are_no_personal_data():
    assert list(list_personal(notebook_of(shows("20250301000302 139****"), shows("")))) == []


def test_what_only_a_deleted_cell_defined_is_found_by_running(tmp_path):
    path = tmp_path / "自写.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = notebook_of(new_code_cell("n + gone", execution_count=2))
    notebook.metadata.update(kernel)
    nbformat.write(notebook, path)
    rows = {row.check: row for row in check_own(path)}
    assert rows["从头到尾运行"].result == FAILED
    assert rows["从头到尾运行"].said[0].startswith("第2个单元格用到 gone，前面没有定义")
    assert rows["新输出没有个人信息"].result == SKIPPED
    assert rows["参数单元格"].result == PASSED


def test_the_template_has_nothing_against_it_before_it_is_run():
    notebook = make_notebook("超期分析")
    nbformat.validate(notebook)
    checks = (list_parameter_mistakes, list_paths, list_disorder, list_personal)
    assert [list(check(notebook)) for check in checks] == [[]] * 4


def test_a_name_no_file_can_have_and_one_that_is_taken_are_refused(tmp_path):
    write_notebook("超期分析", tmp_path)
    with pytest.raises(ParameterError, match="is there already and stays as it is: choose another name"):
        write_notebook("超期分析.ipynb", tmp_path)
    for name in ("con", "a/b", "", "x" * 61, "a b"):
        with pytest.raises(ParameterError, match="cannot be the name of a notebook: expected letters"):
            write_notebook(name, tmp_path)


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    (tmp_path / "a.ipynb").write_text("nothing", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"'a.ipynb' is no notebook: expected an \.ipynb file"):
        check_own(tmp_path / "a.ipynb")
