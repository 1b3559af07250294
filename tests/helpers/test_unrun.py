import pytest

A_LAB_AND_A_PLAIN_SKIP = """
    import pytest

    @pytest.mark.lab
    def test_in_the_lab():
        pytest.skip("no namespaces")

    def test_elsewhere():
        pytest.skip("not today")
"""

MARKERS = """
    [pytest]
    markers =
        lab: needs root
        browser: needs a browser
        oracle: needs another program
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("BOTHWAYS_REQUIRE", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    pytester.makeini(MARKERS)
    pytester.makeconftest('pytest_plugins = ["tests.helpers.unrun"]')
    return pytester


def test_a_skip_is_counted_with_its_reason(inner: pytest.Pytester) -> None:
    inner.makepyfile(A_LAB_AND_A_PLAIN_SKIP)
    result = inner.runpytest()
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["1 lab test not run: no namespaces"])
    result.stdout.no_fnmatch_line("*not today*")


def test_a_required_skip_fails_and_others_stay_skips(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "lab,browser")
    inner.makepyfile(A_LAB_AND_A_PLAIN_SKIP)
    result = inner.runpytest()
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*BOTHWAYS_REQUIRE demands lab: no namespaces*"])


def test_a_skip_by_a_marker_or_a_fixture_fails_too(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "browser")
    inner.makepyfile("""
        import pytest

        pytestmark = pytest.mark.browser

        @pytest.fixture
        def page():
            pytest.skip("no browser")

        def test_a_page(page): ...

        @pytest.mark.skipif(True, reason="no screen")
        def test_another(): ...
    """)
    result = inner.runpytest()
    assert result.parseoutcomes().get("skipped", 0) == 0
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["1 browser test not run: no browser", "1 browser test not run: no screen"])


def test_a_kind_that_is_not_required_stays_a_skip(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "browser")
    inner.makepyfile(A_LAB_AND_A_PLAIN_SKIP)
    inner.runpytest().assert_outcomes(skipped=2)


def test_an_expected_failure_is_no_skip(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "lab")
    inner.makepyfile("""
        import pytest

        @pytest.mark.lab
        @pytest.mark.xfail(reason="known")
        def test_in_the_lab():
            assert False
    """)
    inner.runpytest().assert_outcomes(xfailed=1)


def test_a_whole_file_cannot_slip_away(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "lab")
    inner.makepyfile("""
        import pytest

        pytest.skip("no module", allow_module_level=True)
    """)
    inner.runpytest().assert_outcomes(errors=1)


def test_lab_tests_are_not_run_without_root(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    inner.makepyfile("""
        import pytest

        @pytest.mark.lab
        def test_in_the_lab(): ...
    """)
    result = inner.runpytest()
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["1 lab test not run: needs root"])


def test_deselected_tests_are_counted(inner: pytest.Pytester) -> None:
    inner.makepyfile(A_LAB_AND_A_PLAIN_SKIP)
    inner.runpytest("-m", "not lab").stdout.fnmatch_lines(["1 lab test not run: deselected"])


def test_an_unheard_of_kind_is_refused(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTHWAYS_REQUIRE", "labs")
    assert inner.runpytest().ret == pytest.ExitCode.USAGE_ERROR
