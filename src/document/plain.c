/* A text as it is. */
#include "document/parts.h"

bool azw_write_plain(struct azw_writer *writer, const struct azw_node *node)
{
    struct azw_text text;
    if (node->tag != NULL || (node->class != AZW_TEXT && node->class != AZW_NUMBER))
        return azw_refuse(writer, NULL,
                          "a file as text is one text; give it one, or write the "
                          "value as yaml, json, conf, ini or env");
    if (!azw_read_text(writer, node, NULL, &text))
        return false;
    azw_put_text(writer, &text, AZV_QUOTES);
    return true;
}
