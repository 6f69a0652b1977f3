/* A page of charts: an HTML document with a section for each chart.
 *
 * A section has a heading that the contents link to, its text, the drawing, and a table of its
 * values that can be unfolded. The page is also well-formed XML, so that tests can parse it: every
 * element is closed, every attribute is quoted, and chart_put_text escapes all text. */
#include <string.h>

#include "chart/parts.h"

static const char style[] =
    ":root{color-scheme:light dark}\n"
    "body{margin:2rem auto;max-width:800px;padding:0 1rem;color:#1f2328;background:#fff;"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
    "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.2rem;margin:3rem 0 .3rem}\n"
    "p{margin:.3rem 0 .8rem;max-width:44rem}nav{columns:17rem;column-gap:1.5rem;font-size:.9rem;"
    "margin:1.2rem 0}nav a{display:block;overflow-wrap:anywhere}a{color:#0969da;"
    "text-decoration:none}\n"
    "svg{max-width:100%;height:auto}summary{cursor:pointer;margin:.3rem 0}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.15rem .9rem .15rem 0;text-align:right;white-space:nowrap;"
    "border-bottom:1px solid #8883}\n"
    "@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#58a6ff}}\n";

static void put_element(struct base_sink *sink, const char *name, const char *text)
{
    BASE_PUT(sink, "<", name, ">");
    chart_put_text(sink, text);
    BASE_PUT(sink, "</", name, ">\n");
}

/* A paragraph; text in backquotes is code. A backquote without a partner is printed. */
static void put_prose(struct base_sink *sink, struct base_arena *arena, const char *prose)
{
    if (*prose == '\0')
        return;
    base_put(sink, "<p>");
    for (bool code = false;; code = !code, prose++) {
        const size_t length = strcspn(prose, "`");
        const bool closed = code && prose[length] == '`';
        base_put(sink, closed ? "<code>" : code ? "`" : "");
        chart_put_text(sink, base_copy_text(arena, prose, length));
        base_put(sink, closed ? "</code>" : "");
        prose += length;
        if (*prose == '\0')
            break;
    }
    base_put(sink, "</p>\n");
}

static void put_value_table(struct base_sink *sink, const struct chart_section *section)
{
    base_put(sink, "<details><summary>values</summary><div class=\"wide\"><table>\n");
    for (size_t row = 0; row < section->rows; row++) {
        base_put(sink, row == 0 ? "<thead><tr>" : "<tr>");
        for (size_t column = 0; column < section->columns; column++) {
            base_put(sink, row == 0 ? "<th>" : "<td>");
            chart_put_text(sink, section->cells[row * section->columns + column]);
            base_put(sink, row == 0 ? "</th>" : "</td>");
        }
        base_put(sink, row == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n");
    }
    base_put(sink, "</tbody></table></div></details>\n");
}

static void put_table_of_contents(struct base_sink *sink, const struct chart_page *page)
{
    base_put(sink, "<nav>\n");
    for (size_t i = 0; i < page->section_count; i++) {
        base_put(sink, "<a href=\"#");
        chart_put_text(sink, page->sections[i].name);
        base_put(sink, "\">");
        chart_put_text(sink, page->sections[i].name);
        base_put(sink, "</a>\n");
    }
    base_put(sink, "</nav>\n");
}

static void put_chart_section(struct base_sink *sink, struct base_arena *arena,
                              const struct chart_section *section)
{
    base_put(sink, "<section>\n<h2 id=\"");
    chart_put_text(sink, section->name);
    base_put(sink, "\">");
    chart_put_text(sink, section->name);
    base_put(sink, "</h2>\n");
    put_prose(sink, arena, section->prose);
    chart_put_drawing(sink, arena, &section->chart, false);
    put_value_table(sink, section);
    base_put(sink, "</section>\n");
}

void chart_put_page(struct base_sink *sink, struct base_arena *arena, const struct chart_page *page)
{
    base_put(sink, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
                   "<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    put_element(sink, "title", page->title);
    BASE_PUT(sink, "<style>\n", style);
    chart_put_style(sink);
    base_put(sink, "</style>\n</head>\n<body>\n");
    put_element(sink, "h1", page->title);
    put_prose(sink, arena, page->prose);
    put_table_of_contents(sink, page);
    for (size_t i = 0; i < page->section_count; i++)
        put_chart_section(sink, arena, &page->sections[i]);
    base_put(sink, "</body>\n</html>\n");
}
