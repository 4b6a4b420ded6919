/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jamesoutgoing.dsn.reason.Cause;
import org.jamesoutgoing.dsn.reason.Diagnosis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhrasebookTest {
    @TempDir
    Path directory;

    private static Phrasebook in(String language) {
        return new Phrasebooks(Optional.empty()).in(Language.parse(language).orElseThrow());
    }

    private static Explanation explain(Phrasebook book, Cause cause, boolean expired) {
        return book.explain(new Diagnosis(cause, expired), "bob@example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasons.properties", "reasons.de.properties", "reasons.fr.properties"})
    void everyCauseHasAReasonAndAnAdviceInEveryLanguage(String file) throws Exception {
        Properties phrases = new Properties();
        phrases.load(new StringReader(BuiltInTemplates.resource(file).orElseThrow()));
        Set<String> expected = new TreeSet<>(Set.of(
                "format.date",
                "format.bytes",
                "format.kilobytes",
                "format.megabytes",
                "format.day",
                "format.days",
                "format.hour",
                "format.hours",
                "format.minute",
                "format.minutes"));
        Arrays.stream(Cause.values()).forEach(cause -> {
            expected.add(cause.key() + ".reason");
            if (cause != Cause.EXPIRED) {
                expected.add(cause.key() + ".advice");
            }
        });

        assertThat(new TreeSet<>(phrases.stringPropertyNames())).isEqualTo(expected);
        phrases.forEach((key, value) -> {
            assertThat(value.toString()).as(key.toString()).isNotBlank();
            if (!key.toString().startsWith("format.")) {
                assertThat(value.toString()).as(key.toString()).matches("\\p{Lu}.*\\.");
                assertThat(value.toString().replaceAll("\\{(?:domain|address)}", ""))
                        .doesNotContain("{", "}");
            }
        });
    }

    @Test
    void theReasonNamesTheDomain() {
        assertThat(explain(in("en"), Cause.NO_SUCH_DOMAIN, false).reason())
                .isEqualTo("The domain example.com does not exist.");
        assertThat(explain(in("de-at"), Cause.NO_SUCH_DOMAIN, false).reason())
                .isEqualTo("Die Domain example.com gibt es nicht.");
        assertThat(explain(in("fr"), Cause.NO_SUCH_DOMAIN, false).reason())
                .isEqualTo("Le domaine example.com n'existe pas.");
    }

    @Test
    void whatHasExpiredSaysSoAndWhatStoodInTheWay() {
        assertThat(explain(in("en"), Cause.MAILBOX_FULL, true).reason())
                .isEqualTo("The message could not be delivered within the time allowed. The recipient's mailbox is"
                        + " full.");
        assertThat(explain(in("en"), Cause.OTHER, true).reason())
                .isEqualTo("The message could not be delivered within the time allowed.");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "en,`Sunday, 1 March 2026 at 09:00 (UTC+01:00)`",
                "de,`Sonntag, 1. März 2026, 09:00 Uhr (UTC+01:00)`",
                "fr,`dimanche 1 mars 2026 à 09:00 (UTC+01:00)`",
                "es,`domingo, 1 marzo 2026 at 09:00 (UTC+01:00)`",
            })
    void datesAreWrittenInTheLanguage(String language, String date) {
        assertThat(in(language).date(Instant.parse("2026-03-01T08:00:00Z"), ZoneId.of("Europe/Paris")))
                .isEqualTo(date);
    }

    @ParameterizedTest
    @CsvSource({
        "en, 0, 0 bytes",
        "en, 1023, 1023 bytes",
        "en, 1024, 1 KB",
        "en, 1048575, 1024 KB",
        "en, 1572864, 1.5 MB",
        "de, 1572864, '1,5 MB'",
        "fr, 1572864, '1,5 Mo'",
    })
    void sizesAreWrittenInTheLanguage(String language, long octets, String size) {
        assertThat(in(language).size(octets)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "en, PT120H, 5 days",
        "en, PT24H, 1 day",
        "de, PT36H, 36 Stunden",
        "fr, PT1H, 1 heure",
        "de, PT90M, 90 Minuten",
        "en, PT5S, 1 minute",
    })
    void durationsAreWrittenInTheLanguage(String language, Duration duration, String written) {
        assertThat(in(language).duration(duration)).isEqualTo(written);
    }

    @Test
    void anAdministratorWritesAReasonAnewOrAddsALanguage() throws Exception {
        Phrasebooks books = new Phrasebooks(Optional.of(directory));
        put("reasons.de.properties", "mailbox-full.reason = Voll bis oben: {address}");
        put("reasons.PT-br.properties", "mailbox-full.reason = Caixa cheia.");

        assertThat(explain(books.in(Language.parse("de-ch").orElseThrow()), Cause.MAILBOX_FULL, false))
                .isEqualTo(new Explanation(
                        "Voll bis oben: bob@example.com",
                        "Bitte senden Sie Ihre Nachricht erneut, sobald der Empfänger Platz geschaffen hat."));
        assertThat(explain(books.in(Language.parse("pt-BR").orElseThrow()), Cause.MAILBOX_FULL, false))
                .isEqualTo(new Explanation(
                        "Caixa cheia.", "Please send your message again when the recipient has made room."));
    }

    @Test
    void nonsenseInAFileDoesNoHarm() throws Exception {
        put("reasons.properties", "format.date = bbbb '\nformat.days =\nmailbox-full.reason=\\uZZZZ");
        Phrasebook book = new Phrasebooks(Optional.of(directory)).in(Language.ENGLISH);

        assertThat(explain(book, Cause.MAILBOX_FULL, false).reason()).isEqualTo("The recipient's mailbox is full.");

        put("reasons.de.properties", "format.date = bbbb '\nformat.days =\n");
        Phrasebook german =
                new Phrasebooks(Optional.of(directory)).in(Language.parse("de").orElseThrow());
        assertThat(german.date(Instant.EPOCH, ZoneId.of("UTC"))).isEqualTo("1970-01-01 00:00 +00:00");
        assertThat(german.duration(Duration.ofDays(2))).isEmpty();
    }

    private void put(String file, String content) throws Exception {
        Files.writeString(directory.resolve(file), content, UTF_8);
    }
}
