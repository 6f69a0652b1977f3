/* The format `text`: the bytes of one text, with nothing added or quoted. The rules write files in
 * languages without a format of their own this way, and encode values with as_shell and the like.
 */
#include "formats/parts.h"

bool formats_write_plain(struct formats_writer *writer, const struct formats_node *node)
{
    struct formats_text text;
    if (node->tag != NULL || (node->class != FORMATS_TEXT && node->class != FORMATS_NUMBER))
        return formats_refuse(
            writer, NULL,
            "a text file must be a single text; to write other values, use yaml, json, conf, ini "
            "or env");
    if (!formats_read_text(writer, node, NULL, &text))
        return false;
    formats_put_text(writer, &text, VM_QUOTES);
    return true;
}
