/* Taking tags apart and comparing them.
 *
 * The version of a tag is the last group of numbers that has separators, or else the last number:
 * `2_6` of wal2json_2_6, not the 2 in the name. Numbers behind a word such as rc belong to the
 * pre-release. A candidate must begin with the pinned tag's prefix, have numbers with the same kind
 * of separators, and end like it. Numbers are compared as texts without leading zeros, so that they
 * may have any length. */
#include "pins/version_tag.h"

#include "pins/parts.h"

#include <string.h>

static bool is_separator(char c)
{
    return c == '.' || c == '_' || c == '-';
}

static size_t count_digits(struct base_span text)
{
    size_t length = 0;
    while (length < text.length && base_is_digit(text.start[length]))
        length++;
    return length;
}

static size_t count_letters(struct base_span text)
{
    size_t length = 0;
    while (length < text.length && base_is_letter(text.start[length]))
        length++;
    return length;
}

/* Length of digits that are followed by more digits, each behind one of the separators. */
static size_t count_numbers(struct base_span text, const char *separators)
{
    size_t length = count_digits(text);
    while (length > 0 && length + 1 < text.length && text.start[length] != '\0' &&
           strchr(separators, text.start[length]) != NULL && base_is_digit(text.start[length + 1]))
        length += 1 + count_digits(pins_span_after(text, length + 1));
    return length;
}

/* --- pre-releases --- */

static const struct {
    const char *word;
    int stage;
} stages[] = {{"dev", 0},  {"a", 1},       {"alpha", 1}, {"b", 2},
              {"beta", 2}, {"preview", 3}, {"pre", 3},   {"rc", 4}};
enum { STAGES = sizeof stages / sizeof *stages, RELEASE = 5 };

/* Ignores case. An unknown word is not a pre-release: 1.2-debian is a release. */
static int stage_of(struct base_span word)
{
    for (int i = 0; i < STAGES; i++) {
        size_t at = 0;
        while (at < word.length && stages[i].word[at] != '\0' &&
               (word.start[at] | 32) == stages[i].word[at])
            at++;
        if (at == word.length && stages[i].word[at] == '\0')
            return stages[i].stage;
    }
    return RELEASE;
}

/* Reads "-rc1", "beta.2" or "RC3" behind the numbers. It must be the whole rest. */
static void read_stage(struct pins_version *version)
{
    struct base_span rest = version->rest;
    while (rest.length > 0 && is_separator(*rest.start))
        rest = pins_span_after(rest, 1);
    const size_t letters = count_letters(rest);
    const struct base_span word = {rest.start, letters};
    rest = pins_span_after(rest, letters);
    if (rest.length > 0 && is_separator(*rest.start))
        rest = pins_span_after(rest, 1);
    version->stage = count_numbers(rest, "._-") == rest.length ? stage_of(word) : RELEASE;
    version->stage_numbers = rest;
}

/* Whether the numbers at `start` belong to a pre-release: they follow a word such as rc. */
static bool follows_stage(const char *tag, const char *start)
{
    while (start > tag && is_separator(start[-1]))
        start--;
    const char *word = start;
    while (word > tag && base_is_letter(word[-1]))
        word--;
    return stage_of((struct base_span){word, (size_t)(start - word)}) != RELEASE;
}

/* --- one tag --- */

static bool has_separator(struct base_span numbers)
{
    return count_digits(numbers) < numbers.length;
}

/* The last numbers of a tag; numbers with separators take precedence over those without. */
static struct base_span find_numbers(const char *tag)
{
    struct base_span best = {tag + strlen(tag), 0};
    for (struct base_span text = base_span_of(tag); text.length > 0;) {
        const struct base_span numbers = {text.start, count_numbers(text, "._-")};
        if (numbers.length > 0 && !follows_stage(tag, numbers.start) &&
            (has_separator(numbers) || !has_separator(best)))
            best = numbers;
        text = pins_span_after(text, numbers.length > 0 ? numbers.length : 1);
    }
    return best;
}

struct pins_version pins_read_version(const char *tag)
{
    const struct base_span numbers = find_numbers(tag);
    struct pins_version version = {
        .prefix = {tag, (size_t)(numbers.start - tag)},
        .numbers = numbers,
        .rest = base_span_of(numbers.start + numbers.length),
        .stage = RELEASE,
    };
    if (numbers.length > 0)
        read_stage(&version);
    return version;
}

/* --- a tag compared with another --- */

static bool is_same_text(struct base_span one, struct base_span other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

/* The separators that occur in the pinned version, or a point if it has none. */
static void read_separators(struct base_span numbers, char separators[4])
{
    size_t count = 0;
    separators[0] = '\0';
    for (size_t i = 0; i < numbers.length; i++)
        if (is_separator(numbers.start[i]) && strchr(separators, numbers.start[i]) == NULL) {
            separators[count++] = numbers.start[i];
            separators[count] = '\0';
        }
    if (count == 0)
        memcpy(separators, ".", sizeof ".");
}

bool pins_read_version_like(const struct pins_version *pinned, const char *tag,
                            struct pins_version *version)
{
    char separators[4];
    struct base_span text = base_span_of(tag);
    if (pinned->numbers.length == 0 || text.length < pinned->prefix.length ||
        memcmp(tag, pinned->prefix.start, pinned->prefix.length) != 0)
        return false;
    text = pins_span_after(text, pinned->prefix.length);
    read_separators(pinned->numbers, separators);
    *version = (struct pins_version){
        .prefix = {tag, pinned->prefix.length},
        .numbers = {text.start, count_numbers(text, separators)},
        .stage = RELEASE,
    };
    version->rest = pins_span_after(text, version->numbers.length);
    /* 20240101 is not a version that follows 1.5. */
    if (version->numbers.length == 0 ||
        (has_separator(pinned->numbers) && !has_separator(version->numbers)))
        return false;
    if (pinned->stage == RELEASE)
        return is_same_text(pinned->rest, version->rest);
    if (version->rest.length > 0)
        read_stage(version);
    return version->rest.length == 0 || version->stage != RELEASE;
}

/* The digits before the next separator, without leading zeros; `text` moves behind them. */
static struct base_span next_number(struct base_span *text)
{
    struct base_span number = {text->start, count_digits(*text)};
    *text = pins_span_after(*text, number.length + (number.length < text->length));
    while (number.length > 0 && *number.start == '0')
        number = pins_span_after(number, 1);
    return number;
}

static int compare_numbers(struct base_span one, struct base_span other)
{
    while (one.length > 0 || other.length > 0) {
        const struct base_span a = next_number(&one), b = next_number(&other);
        if (a.length != b.length)
            return a.length < b.length ? -1 : 1;
        const int order = a.length == 0 ? 0 : memcmp(a.start, b.start, a.length);
        if (order != 0)
            return order;
    }
    return 0;
}

int pins_compare_versions(const struct pins_version *one, const struct pins_version *other)
{
    const int order = compare_numbers(one->numbers, other->numbers);
    if (order != 0)
        return order;
    if (one->stage != other->stage)
        return one->stage < other->stage ? -1 : 1;
    return one->stage == RELEASE ? 0 : compare_numbers(one->stage_numbers, other->stage_numbers);
}

void pins_put_version(struct base_sink *sink, const struct pins_version *version)
{
    for (size_t i = 0; i < version->numbers.length; i++)
        base_put_char(sink, version->numbers.start[i] == '_' ? '.' : version->numbers.start[i]);
    base_put_span(sink, version->rest);
}
