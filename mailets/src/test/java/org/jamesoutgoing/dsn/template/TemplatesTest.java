/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.dsn.template.TemplateSource.Origin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Which template is used: by language, then by where it comes from. */
class TemplatesTest {
    private static final String GROWING =
            "Subject: s\n\n{{#recipients}}" + "{{address}}".repeat(490) + "{{/recipients}}";

    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private int changes;

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("org.jamesoutgoing.dsn.template");
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Templates templates() {
        return new Templates(List.of(new TemplateFiles(directory)));
    }

    /** With a time of its own, as two changes within a tick of the file system's clock look alike. */
    private void put(String file, String content) throws IOException {
        Path path = Files.writeString(directory.resolve(file), content, UTF_8);
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000L * ++changes));
    }

    private static String subject(Templates templates, String languages) {
        return templates
                .fill(DsnKind.FAILURE, Language.parseList(languages), language -> SampleValues.all())
                .map(RenderedText::subject)
                .orElse("none");
    }

    private static TemplateName name(String name) {
        return TemplateName.parse(name).orElseThrow();
    }

    @Test
    void thereAreBuiltInTemplatesOfEachKindInThreeLanguages() {
        assertThat(templates().names())
                .extracting(TemplateName::toString)
                .containsExactly(
                        "failure",
                        "failure.de",
                        "failure.fr",
                        "delay",
                        "delay.de",
                        "delay.fr",
                        "success",
                        "success.de",
                        "success.fr",
                        "queue-full",
                        "queue-full.de",
                        "queue-full.fr");
        assertThat(templates().find(name("delay.de")).orElseThrow().origin()).isEqualTo(Origin.BUILT_IN);
    }

    @Test
    void theLanguageDecidesBeforeTheSource() throws Exception {
        put("failure.mustache", "Subject: file en\n\nx");
        put("failure.pt.mustache", "Subject: file pt\n\nx");

        assertThat(subject(templates(), "de")).startsWith("Nicht zustellbare");
        assertThat(subject(templates(), "pt-BR,de")).isEqualTo("file pt");
        assertThat(subject(templates(), "es,pt")).isEqualTo("file pt");
        assertThat(subject(templates(), "es")).isEqualTo("file en");
        assertThat(subject(templates(), "en-GB,de")).isEqualTo("file en");
        assertThat(subject(templates(), "")).isEqualTo("file en");
    }

    @Test
    void theMoreExactLanguageComesFirst() throws Exception {
        put("failure.de-CH.mustache", "Subject: Schweiz\n\nx");
        put("failure.en.mustache", "Subject: exactly English\n\nx");
        put("failure.mustache", "Subject: any\n\nx");

        assertThat(subject(templates(), "de-ch")).isEqualTo("Schweiz");
        assertThat(subject(templates(), "de")).startsWith("Nicht");
        assertThat(subject(templates(), "en")).isEqualTo("exactly English");
    }

    @Test
    void aChangedFileCountsAtOnceAndADeletedOneNoMore() throws Exception {
        Templates templates = templates();
        put("failure.mustache", "Subject: one\n\nx");
        assertThat(subject(templates, "")).isEqualTo("one");

        put("failure.mustache", "Subject: two\n\nx");
        assertThat(subject(templates, "")).isEqualTo("two");

        Files.delete(directory.resolve("failure.mustache"));
        assertThat(subject(templates, "")).startsWith("Undelivered");
    }

    @Test
    void aBadFileIsLoggedOnceForEachChange() throws Exception {
        Templates templates = templates();
        put("failure.mustache", "Subject: s\n\n{{#host}}");
        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(logged())
                .containsExactly(directory.resolve("failure.mustache")
                        + " is not used: line 3: {{#host}} has no {{/host}} in the same piece");

        put("failure.mustache", "Subject: t\n\n{{#host}}");
        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(logged()).hasSize(2);
    }

    @Test
    void unknownNamesInAFileAreLoggedButItIsUsed() throws Exception {
        Templates templates = templates();
        put("failure.mustache", "Subject: mine {{subjekt}}\n\nx");

        assertThat(subject(templates, "")).isEqualTo("mine ");
        assertThat(subject(templates, "")).isEqualTo("mine ");
        assertThat(logged()).singleElement().asString().contains("is used, but: line 1: unknown variable {{subjekt}}");
    }

    @Test
    void aFileWithANameThatMeansNothingIsLoggedOnce() throws Exception {
        put("failed.mustache", "Subject: s\n\nx");
        put("failure.deutsch1.mustache", "Subject: s\n\nx");
        put("README.md", "text");
        Files.createDirectory(directory.resolve("delay.mustache"));
        Templates templates = templates();

        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(logged()).hasSize(2).allMatch(line -> line.contains("is not used: the names are failure, delay"));
    }

    @Test
    void filesThatAreNoTextAreNotUsed() throws Exception {
        Files.write(directory.resolve("failure.mustache"), new byte[] {'S', (byte) 0xff});
        Files.write(directory.resolve("failure.fr.mustache"), new byte[2_000_000]);

        Templates templates = templates();

        assertThat(subject(templates, "")).startsWith("Undelivered");
        assertThat(subject(templates, "fr")).startsWith("Message");
        assertThat(logged()).hasSize(2);
    }

    @Test
    void withoutADirectoryThereAreOursOnly() {
        assertThat(subject(new Templates(List.of(new TemplateFiles(directory.resolve("none")))), ""))
                .startsWith("Undelivered");
        assertThat(logged()).isEmpty();
    }

    @Test
    void aTemplateThatFailsIsLoggedOnceUntilItChanges() throws Exception {
        Templates templates = templates();
        put("failure.de.mustache", GROWING);
        Map<String, Object> values = SampleValues.all();
        values.put("recipients", Collections.nCopies(100, Map.of("address", "x".repeat(500))));

        for (int i = 0; i < 3; i++) {
            assertThat(templates
                            .fill(DsnKind.FAILURE, Language.parseList("de"), language -> values)
                            .orElseThrow()
                            .subject())
                    .startsWith("Nicht");
        }
        assertThat(logged()).singleElement().asString().startsWith("The template failure.de (FILE) fails");

        put("failure.de.mustache", GROWING + " ");
        assertThat(templates.fill(DsnKind.FAILURE, Language.parseList("de"), language -> values))
                .isPresent();
        assertThat(logged()).hasSize(2);
    }

    @Test
    void whenAllFailThereAreNoWords() {
        assertThat(templates().fill(DsnKind.DELAY, List.of(), language -> {
                    throw new IllegalStateException("on purpose");
                }))
                .isEmpty();
    }
}
