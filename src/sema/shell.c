/* The context at a byte of a shell script: whether a quoted word is safe there.
 *
 * The reader is a pushdown automaton over the bytes of the script. Its stack holds the contexts
 * around the current byte: quotes, ${...}, $(...), a comment, a here-document. It knows the syntax
 * of POSIX shells and bash as far as it decides where quotes end.
 *
 * It is cautious. Where shells differ, or where only a full parser could decide (backquotes, `case`
 * in a command substitution, two here-documents on a line, quotes in an expansion within double
 * quotes), it gives up: every later place is UNSURE. It may report a safe place as unsafe, but
 * never takes a place within quotes for one outside. */
#include "sema/shell.h"

#include <string.h>

enum context { CODE, SINGLE, DOUBLE, ANSI, EXPANSION, NESTED, COMMENT, HERE, UNSURE };

static const enum sema_shell_place places[] = {
    [CODE] = SEMA_SHELL_WORD,       [SINGLE] = SEMA_SHELL_QUOTES,    [DOUBLE] = SEMA_SHELL_QUOTES,
    [ANSI] = SEMA_SHELL_QUOTES,     [EXPANSION] = SEMA_SHELL_NESTED, [NESTED] = SEMA_SHELL_NESTED,
    [COMMENT] = SEMA_SHELL_COMMENT, [HERE] = SEMA_SHELL_HERE,        [UNSURE] = SEMA_SHELL_UNSURE,
};

static char byte_at(const struct sema_shell *shell, size_t at)
{
    return at < shell->text.length ? shell->text.start[at] : '\n';
}

/* The byte before, or a newline at the beginning of the script. */
static char byte_before(const struct sema_shell *shell, size_t at)
{
    return at == 0 ? '\n' : shell->text.start[at - 1];
}

static bool is_shell_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool separates_words(char c)
{
    return is_shell_blank(c) || (c != '\0' && strchr(";&|()<>", c) != NULL);
}

static unsigned char *top_context(struct sema_shell *shell)
{
    return &shell->stack[shell->depth];
}

static void give_up(struct sema_shell *shell)
{
    shell->depth = 0;
    *top_context(shell) = UNSURE;
}

static void enter_context(struct sema_shell *shell, enum context context)
{
    if (shell->depth + 1 == SEMA_SHELL_DEPTH) {
        give_up(shell);
        return;
    }
    shell->depth++;
    *top_context(shell) = (unsigned char)context;
}

static void leave_context(struct sema_shell *shell)
{
    shell->depth--;
}

static bool is_within_context(const struct sema_shell *shell, enum context context)
{
    for (int i = shell->depth; i >= 0; i--)
        if (shell->stack[i] == context)
            return true;
    return false;
}

/* Whether this word, and not a longer one, begins here. */
static bool is_shell_word(const struct sema_shell *shell, const char *word)
{
    const size_t length = strlen(word);
    return separates_words(byte_before(shell, shell->at)) &&
           shell->text.length - shell->at >= length &&
           memcmp(shell->text.start + shell->at, word, length) == 0 &&
           separates_words(byte_at(shell, shell->at + length));
}

/* --- here-documents --- */

static bool is_shell_quote(char c)
{
    return c != '\0' && strchr("'\"\\`$", c) != NULL;
}

/* After `<<`: reads the delimiter of the document, which begins on the next line. A delimiter with
 * quotes other than around the whole word is not understood. */
static void read_delimiter(struct sema_shell *shell)
{
    shell->tabs = byte_at(shell, shell->at) == '-';
    shell->at += shell->tabs;
    while (byte_at(shell, shell->at) == ' ' || byte_at(shell, shell->at) == '\t')
        shell->at++;
    const bool second = shell->ends_here.length > 0; /* on the same line */
    const char *start = shell->text.start + shell->at;
    size_t length = 0;
    while (!separates_words(byte_at(shell, shell->at + length)))
        length++;
    shell->at += length;
    if (length > 2 && (*start == '\'' || *start == '"') && start[length - 1] == *start) {
        start++;
        length -= 2;
    }
    bool plain = length > 0;
    for (size_t i = 0; i < length; i++)
        plain = plain && !is_shell_quote(start[i]);
    shell->ends_here = (struct base_span){start, length};
    if (second || !plain)
        give_up(shell);
}

static void read_here_line(struct sema_shell *shell)
{
    const size_t start = shell->at;
    const char *rest = shell->text.start + start;
    const char *newline = memchr(rest, '\n', shell->text.length - start);
    struct base_span line = {rest, newline == NULL ? shell->text.length - start
                                                   : (size_t)(newline - rest)};
    shell->at += line.length + (newline != NULL);
    while (shell->tabs && line.length > 0 && *line.start == '\t')
        line = (struct base_span){line.start + 1, line.length - 1};
    if (line.length != shell->ends_here.length ||
        memcmp(line.start, shell->ends_here.start, line.length) != 0)
        return;
    shell->ends_here.length = 0;
    leave_context(shell);
}

/* --- code and quotes --- */

/* After `$`, enters what it opens: $(, ${ or $'. In double quotes $' opens nothing. In an expansion
 * within double quotes shells differ; there the quote is read next, as a single quote, and gives
 * up. */
static void read_dollar(struct sema_shell *shell)
{
    const char next = byte_at(shell, ++shell->at);
    const bool doubtful = *top_context(shell) == EXPANSION && is_within_context(shell, DOUBLE);
    const bool quotes = *top_context(shell) != DOUBLE && !doubtful;
    if (next != '(' && next != '{' && (next != '\'' || !quotes))
        return;
    shell->at++;
    enter_context(shell, next == '(' ? NESTED : next == '{' ? EXPANSION : ANSI);
}

/* Within "${...}" single quotes quote in some expansions and are literal in others. */
static void read_single_quote(struct sema_shell *shell)
{
    shell->at++;
    if (*top_context(shell) == EXPANSION && is_within_context(shell, DOUBLE))
        give_up(shell);
    else
        enter_context(shell, SINGLE);
}

/* Counts parentheses and subscripts outside of all contexts. The closing parenthesis of a `case`
 * pattern has no partner, so the count never goes below zero. */
static void count_brackets(struct sema_shell *shell, char c)
{
    const char before = byte_before(shell, shell->at);
    const bool subscript = !separates_words(before) && before != '[';
    if (c == '(' || (c == '[' && subscript))
        shell->brackets++;
    else if ((c == ')' || (c == ']' && !is_shell_blank(before))) && shell->brackets > 0)
        shell->brackets--;
}

static void read_code(struct sema_shell *shell)
{
    const bool nested = *top_context(shell) == NESTED;
    const char c = byte_at(shell, shell->at), before = byte_before(shell, shell->at);
    if (nested && is_shell_word(shell, "case")) {
        give_up(shell);
        return;
    }
    if (c == '#' && separates_words(before)) {
        enter_context(shell, COMMENT);
        return;
    }
    if (c == '<' && byte_at(shell, shell->at + 1) == '<') {
        const bool text = byte_at(shell, shell->at + 2) == '<';
        shell->at += text ? 3 : 2;
        if (!text)
            read_delimiter(shell);
        return;
    }
    if (nested && c == '(')
        enter_context(shell, NESTED);
    else if (nested && c == ')')
        leave_context(shell);
    else
        count_brackets(shell, c);
    shell->at++;
    if (c == '\n' && shell->ends_here.length > 0)
        enter_context(shell, HERE);
}

/* Reads what has the same meaning in code, double quotes and expansions; false for anything else.
 */
static bool read_common(struct sema_shell *shell)
{
    const char c = byte_at(shell, shell->at);
    if (c == '\\')
        shell->at += 2;
    else if (c == '`')
        give_up(shell);
    else if (c == '$')
        read_dollar(shell);
    else
        return false;
    return true;
}

static void read_step(struct sema_shell *shell)
{
    const enum context context = *top_context(shell);
    const char c = byte_at(shell, shell->at);
    if (context == HERE) {
        read_here_line(shell);
        return;
    }
    if (context == CODE || context == NESTED || context == DOUBLE || context == EXPANSION) {
        if (read_common(shell))
            return;
        if (c == '\'' && context != DOUBLE)
            read_single_quote(shell);
        else if (c == '"' && context != DOUBLE) {
            shell->at++;
            enter_context(shell, DOUBLE);
        } else if (context == CODE || context == NESTED)
            read_code(shell);
        else {
            shell->at++;
            if (c == (context == DOUBLE ? '"' : '}'))
                leave_context(shell);
        }
        return;
    }
    if (context == COMMENT &&
        c == '\n') { /* the newline is then read as code, since it may start a here-document */
        leave_context(shell);
        return;
    }
    if (context == ANSI && c == '\\') { /* \' ends the quotes in a shell that lacks $'...' */
        if (byte_at(shell, shell->at + 1) == '\'')
            give_up(shell);
        shell->at++;
    }
    shell->at++;
    if ((context == SINGLE || context == ANSI) && c == '\'')
        leave_context(shell);
}

enum sema_shell_place sema_shell_place_at(struct sema_shell *shell, size_t start, size_t length)
{
    enum context within = *top_context(shell);
    while (shell->at < start) {
        within = *top_context(shell);
        read_step(shell);
    }
    if (shell->at == start)
        within = *top_context(shell);
    if (within != CODE)
        return places[within];
    if (shell->brackets > 0)
        return SEMA_SHELL_NESTED;
    const char before = byte_before(shell, start), after = byte_at(shell, start + length);
    const bool alone = (is_shell_blank(before) || before == '=') &&
                       (is_shell_blank(after) || (after != '\0' && strchr(";&|", after) != NULL));
    return shell->at == start && alone ? SEMA_SHELL_WORD : SEMA_SHELL_PART;
}
