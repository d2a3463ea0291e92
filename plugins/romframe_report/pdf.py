"""A page as PDF, tagged for screen readers (PDF/UA), made without a browser by WeasyPrint."""

from typing import Any

from romframe import PluginError, Problem


def pdf_of(page: str) -> bytes:
    """Give a self-contained HTML page as PDF. Nothing is fetched for it.

    Raises PluginError where WeasyPrint, or the Pango library that it draws with, is not installed.
    """
    library = _library()
    nothing = library.URLFetcher(allowed_protocols=())
    document: bytes = library.HTML(string=page, url_fetcher=nothing).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return document


def _library() -> Any:
    try:
        import weasyprint
    except (ModuleNotFoundError, OSError) as error:  # OSError: there is no Pango
        what = "A PDF needs WeasyPrint and the Pango library, and not both are installed."
        mend = "Install them: pip install 'romframe[pdf]', and Pango with your system's packages."
        raise PluginError(Problem("report-library-missing", what, mend)) from error
    return weasyprint
