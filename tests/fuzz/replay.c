/* The main program of a fuzzing harness when it is not libFuzzer's: gives each file of the command
 * line to the harness once. A harness, NAME_fuzz.c, defines LLVMFuzzerTestOneInput and nothing else
 * that is visible; it aborts, or a sanitizer does, when something is wrong. Its corpus is
 * corpus/NAME/. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 2 * 1024 * 1024 };

/* The bytes lie in a block of exactly their size, so that reading one too many is seen. */
static int replay(const char *path)
{
    static uint8_t buffer[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    uint8_t *data = malloc(size + (size == 0));
    if (data == NULL)
        return 1;
    for (size_t i = 0; i < size; i++)
        data[i] = buffer[i];
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++)
        if (replay(paths[i]) != 0)
            return 1;
    return 0;
}
