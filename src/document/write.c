#include "document/document.h"
bool azw_write(const struct azw_request *request, const struct azw_node *node,
               struct azw_output *output, struct azw_refusal *refusal)
{ (void)request;(void)node;(void)output;(void)refusal; return true; }
enum azw_format azw_find_format(const char *word) { return aza_text_is(word,"text")?AZW_PLAIN:aza_text_is(word,"yaml")?AZW_YAML:aza_text_is(word,"conf")?AZW_CONF:AZW_FORMATS; }
const char *azw_format_word(enum azw_format format) { (void)format; return "yaml"; }
