// SPDX-License-Identifier: GPL-3.0-or-later
// A fuzzer without libFuzzer, for the test run: its seeds, then a fixed number of inputs that are the same each time.
// With libFuzzer, which brings its own main(): writes the seeds and the words where FUZZ_SEEDS names a folder for them.
#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "tests/fuzz/fuzz.h"

static char folder[32];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

uint8_t *fuzz_copy(const char *text, size_t *size)
{
	char *copy = strdup(text);
	*size = copy ? strlen(copy) : 0;
	return (uint8_t *)copy;
}

const char *fuzz_folder(void)
{
	if (!folder[0]) {
		snprintf(folder, sizeof folder, "%s/bindwalk-fuzz-XXXXXX",
			 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		FUZZ_REQUIRE(mkdtemp(folder) && atexit(remove_folder) == 0);
	}
	return folder;
}

#ifdef HAVE_LIBFUZZER

int LLVMFuzzerInitialize(int *argc, char ***argv);

static FILE *create(const char *dir, const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "we");
	FUZZ_REQUIRE(f);
	return f;
}

static void write_seeds(const char *dir)
{
	uint8_t *seed;
	char name[32];
	size_t size;
	for (size_t n = 0; (seed = fuzz_seed(n, &size)); n++) {
		snprintf(name, sizeof name, "seed-%zu", n);
		FILE *f = create(dir, name);
		FUZZ_REQUIRE(fwrite(seed, 1, size, f) == size && fclose(f) == 0);
		free(seed);
	}
}

// Each one in quotes, as libFuzzer wants them.
static void write_words(const char *dir)
{
	const char *word;
	FILE *f = create(dir, "words.dict");
	for (size_t n = 0; (word = fuzz_word(n)); n++) {
		fputc('"', f);
		for (; *word; word++)
			fprintf(f, "\\x%02x", (unsigned char)*word);
		fputs("\"\n", f);
	}
	FUZZ_REQUIRE(fclose(f) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir = getenv("FUZZ_SEEDS");
	(void)argc;
	(void)argv;
	if (!dir)
		return 0;
	write_seeds(dir);
	write_words(dir);
	exit(0);
}

#else

enum { RUNS = 10000, LARGEST = 2048, SEEDS = 256 };

static struct {
	uint8_t *data;
	size_t size;
} seeds[SEEDS];
static size_t nseeds, nwords;

static uint32_t chance(void)
{
	static uint32_t state = 0x2545f491;
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static size_t below(size_t n)
{
	return n ? chance() % n : 0;
}

// A seed with some of its bytes changed, left out, doubled or moved.
static size_t mutate(uint8_t *out)
{
	size_t s = below(nseeds), size = seeds[s].size < LARGEST ? seeds[s].size : LARGEST;
	memcpy(out, seeds[s].data, size);
	for (size_t n = 1 + below(6); n > 0 && size > 1; n--) {
		size_t at = below(size), len = 1 + below(size - at < 16 ? size - at : 16);
		switch (chance() % 5) {
		case 0:
			out[at] = (uint8_t)chance();
			break;
		case 1:
			out[at] ^= (uint8_t)(1U << below(8));
			break;
		case 2:
			memmove(out + at, out + at + len, size - at - len);
			size -= len;
			break;
		case 3:
			if (size + len <= LARGEST) {
				memmove(out + at + len, out + at, size - at);
				size += len;
			}
			break;
		default:
			size = 1 + below(size);
		}
	}
	return size;
}

static size_t from_words(uint8_t *out)
{
	size_t size = 0;
	for (size_t n = 1 + below(12); n > 0; n--) {
		const char *word = fuzz_word(below(nwords));
		size_t len = strlen(word);
		if (size + len + 1 > LARGEST)
			break;
		memcpy(out + size, word, len);
		size += len;
		if (chance() % 4)
			out[size++] = ' ';
	}
	return size;
}

static size_t from_nothing(uint8_t *out)
{
	size_t size = below(chance() % 8 ? 64 : LARGEST);
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)chance();
	return size;
}

int main(void)
{
	uint8_t input[LARGEST];
	puts("1..2");
	while (nseeds < SEEDS && (seeds[nseeds].data = fuzz_seed(nseeds, &seeds[nseeds].size)))
		nseeds++;
	while (fuzz_word(nwords))
		nwords++;
	for (size_t i = 0; i < nseeds; i++)
		LLVMFuzzerTestOneInput(seeds[i].data, seeds[i].size);
	printf("%sok 1 - %zu seeds\n", nseeds ? "" : "not ", nseeds);
	for (size_t i = 0; i < RUNS && nseeds; i++) {
		uint32_t way = chance() % 8;
		size_t size = way == 0 ? from_nothing(input) : way < 4 && nwords ? from_words(input) : mutate(input);
		LLVMFuzzerTestOneInput(input, size);
	}
	printf("ok 2 - %d inputs\n", RUNS);
	for (size_t i = 0; i < nseeds; i++)
		free(seeds[i].data);
	return 0;
}

#endif
