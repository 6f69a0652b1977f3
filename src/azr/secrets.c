/* azr secrets: generates random passwords. Creates the files that do not exist and leaves existing
 * ones unchanged, so it can be run before every start. All names are checked before the first file
 * is created. No password is printed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "azr/azr.h"

enum {
    LENGTH = 32, /* letters of 62 kinds: 190 bits */
    DIRECTORY_MODE = 0700,
    /* The directory keeps other users out; inside, a container's user of any id can read. */
    FILE_MODE = 0644,
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
enum { LETTERS = sizeof letters - 1 };

/* Rejection sampling: bytes beyond a multiple of LETTERS would make some letters more likely. */
static bool generate_password(char secret[LENGTH])
{
    for (size_t made = 0; made < LENGTH;) {
        unsigned char bytes[LENGTH];
        const ssize_t got = getrandom(bytes, sizeof bytes, 0);
        if (got < 0)
            return false;
        for (ssize_t i = 0; i < got && made < LENGTH; i++)
            if (bytes[i] < 256 / LETTERS * LETTERS)
                secret[made++] = letters[bytes[i] % LETTERS];
    }
    return true;
}

static bool write_password(int fd, mode_t mode)
{
    char secret[LENGTH];
    return generate_password(secret) && base_write_all(fd, secret, sizeof secret) &&
           fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

/* The file appears complete or not at all and never replaces another: linkat fails if the name
 * exists. */
static bool create_secret_file(int directory, const char *name, mode_t mode)
{
    char temporary[LIMIT_PATH];
    struct base_sink sink = BASE_SINK(temporary);
    BASE_PUT(&sink, ".", name, ".azr-");
    base_put_int(&sink, getpid());
    unlinkat(directory, temporary, 0);
    const int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    const bool made =
        write_password(fd, mode) && linkat(directory, temporary, directory, name, 0) == 0;
    const int error = errno;
    close(fd);
    unlinkat(directory, temporary, 0);
    errno = error;
    return made;
}

static int report_creation_failure(const char *directory, const char *name, int error)
{
    struct base_sink *sink = azr_output();
    BASE_PUT(sink, "azr: ", directory, name != NULL ? "/" : "", name != NULL ? name : "",
             " could not be created: ");
    base_put_error(sink, error);
    base_put_char(sink, '\n');
    return azr_write(STDERR_FILENO, SESSION_REFUSED);
}

static int create_missing_secrets(const struct azr_call *call, int directory, mode_t mode)
{
    struct stat status;
    for (size_t i = 1; i < call->name_count; i++) {
        const char *name = call->names[i];
        const bool there = fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
        const bool made = !there && create_secret_file(directory, name, mode);
        if (!there && !made && errno != EEXIST)
            return report_creation_failure(call->names[0], name, errno);
        BASE_PUT(azr_output(), call->names[0], "/", name,
                 made ? ": created\n" : ": already exists\n");
        azr_write(STDOUT_FILENO, 0);
    }
    return 0;
}

/* "0640" as a mode; false for anything but permission bits. */
static bool parse_permission_bits(const char *text, mode_t *mode)
{
    *mode = 0;
    const size_t length = strlen(text);
    if (length < 3 || length > 4 || strspn(text, "01234567") != length)
        return false;
    for (; *text != '\0'; text++)
        *mode = *mode * 8 + (mode_t)(*text - '0');
    return *mode <= IMAGE_MODE_ALL;
}

static bool is_secret_file_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL && strlen(name) < 200;
}

int azr_run_secrets(struct azr_call *call, struct session *session)
{
    (void)session;
    mode_t mode = FILE_MODE;
    if (call->name_count < 2)
        return azr_usage(
            "secrets requires a directory and names: azr secrets ./secrets app_password");
    if (call->mode != NULL && !parse_permission_bits(call->mode, &mode))
        return azr_usage("--mode must be permission bits such as 0640");
    for (size_t i = 1; i < call->name_count; i++)
        if (!is_secret_file_name(call->names[i]))
            return azr_usage(
                "a secret's name must be a file name without a slash or a leading dot");
    if (mkdir(call->names[0], DIRECTORY_MODE) != 0 && errno != EEXIST)
        return report_creation_failure(call->names[0], NULL, errno);
    const int directory = open(call->names[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return report_creation_failure(call->names[0], NULL, errno);
    const int code = create_missing_secrets(call, directory, mode);
    close(directory);
    return code;
}
