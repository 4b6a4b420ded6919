/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.configuration.Configuration;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.RenderedText;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.TemplateSource.Origin;
import org.jamesoutgoing.dsn.template.Templates;
import org.jamesoutgoing.dsn.template.Templates.Chosen;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.MemoryStore;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TemplateRegistryTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final TemplateName FAILURE = TemplateName.parse("failure").orElseThrow();
    private static final TemplateName DELAY = TemplateName.parse("delay").orElseThrow();
    private static final TemplateName GERMAN = TemplateName.parse("failure.de").orElseThrow();
    private static final Expectation ANY = new Expectation.Any();
    private static final String OURS = "Subject: Ours\n\nx\n";

    @TempDir
    Path james;

    private final MemoryStore<TemplateName, String> store = new MemoryStore<>("template");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

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
        return (Logger) LoggerFactory.getLogger(TemplateRegistry.class);
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private TemplateRegistry registry() {
        return new TemplateRegistry(store, james.resolve("conf/outgoing-templates"), CLOCK);
    }

    /** As James makes it. */
    private TemplateRegistry injected() {
        Configuration configuration =
                Configuration.builder().workingDirectory(james.toFile()).build();
        return new TemplateRegistry(new FileSystemImpl(configuration.directories()), configuration, CLOCK);
    }

    private static Origin origin(Wording wording, TemplateName name) {
        return wording.templates().find(name).map(Chosen::origin).orElseThrow();
    }

    @Test
    void aTemplateThatWasPutCountsForWhoGotTheWordsBefore() throws Exception {
        TemplateRegistry registry = registry();
        Wording wording = registry.wording();
        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.BUILT_IN);

        VersionedValue<String> stored = registry.put(FAILURE, OURS, new Expectation.Nothing());

        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.RUNTIME);
        assertThat(registry.stored(FAILURE)).contains(stored);
        assertThat(store.load()).containsEntry(FAILURE, stored);
        assertThat(registry.delete(FAILURE, ANY)).isTrue();
        assertThat(registry.delete(FAILURE, ANY)).isFalse();
        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.BUILT_IN);
    }

    @Test
    void aCheckSaysThatTheStoreCannotBeRead() throws Exception {
        TemplateRegistry registry = registry();
        registry.check();
        store.trouble = new UnusableException("the template store is damaged", null);
        assertThatThrownBy(registry::check).hasMessage("the template store is damaged");
        store.trouble = null;
        registry.check();
    }

    @Test
    void aTemplateWithAMistakeIsNotStored() {
        assertThatThrownBy(() -> registry().put(FAILURE, "Subject: {{x}}\n\nx", ANY))
                .isInstanceOf(BadTemplateException.class)
                .hasMessageContaining("line 1");
        assertThat(store.load()).isEmpty();
    }

    @Test
    void filesLieBesideJamessOthersAndTheStoreBelowVar() throws Exception {
        Files.createDirectories(james.resolve("conf/outgoing-templates"));
        Files.writeString(james.resolve("conf/outgoing-templates/failure.de.mustache"), OURS);
        TemplateRegistry registry = injected();
        assertThat(origin(registry.wording(), GERMAN)).isEqualTo(Origin.FILE);
        assertThat(james.resolve("var")).doesNotExist();
        registry.put(FAILURE, OURS, ANY);
        registry.close();
        assertThat(james.resolve("var/outgoing-templates.json")).isRegularFile();
        assertThat(origin(injected().wording(), FAILURE)).isEqualTo(Origin.RUNTIME);
    }

    @Test
    void aDamagedStoreKeepsNoNotificationFromGoingOutAndIsNeverOverwritten() throws Exception {
        Files.createDirectories(james.resolve("var"));
        Path file = Files.createFile(james.resolve("var/outgoing-templates.json"));
        TemplateRegistry registry = injected();
        assertThat(origin(registry.wording(), FAILURE)).isEqualTo(Origin.BUILT_IN);
        assertThatThrownBy(registry::stored)
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> registry.put(FAILURE, OURS, ANY)).isInstanceOf(UnusableException.class);
        assertThat(file).isEmptyFile();
    }

    @Test
    void whatAnotherProcessChangedCounts() throws Exception {
        Wording wording = registry().wording();
        store.put(FAILURE, OURS, ANY);
        store.tell();
        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.RUNTIME);
    }

    @Test
    void whatWasMadeAtRunTimeComesFirst() throws Exception {
        Files.createDirectories(james.resolve("conf/outgoing-templates"));
        Files.writeString(james.resolve("conf/outgoing-templates/failure.mustache"), "Subject: file\n\nx");
        TemplateRegistry registry = registry();
        Templates templates = registry.wording().templates();

        assertThat(subject(templates)).isEqualTo("file");

        registry.put(FAILURE, "Subject: runtime\n\nx", new Expectation.Nothing());
        assertThat(subject(templates)).isEqualTo("runtime");
        TemplateName english = TemplateName.parse("failure.en").orElseThrow();
        assertThat(templates.find(english).orElseThrow().template().source()).isEqualTo("Subject: runtime\n\nx");

        assertThat(registry.delete(FAILURE, ANY)).isTrue();
        assertThat(subject(templates)).isEqualTo("file");
    }

    private static String subject(Templates templates) {
        return templates
                .fill(DsnKind.FAILURE, List.of(), language -> Map.of())
                .map(RenderedText::subject)
                .orElse("none");
    }

    @Test
    void aRunTimeTemplateWithAMistakeIsNotStored() {
        TemplateRegistry registry = registry();

        assertThatThrownBy(() -> registry.put(FAILURE, "Subject: s\n\n{{subjekt}}", ANY))
                .isInstanceOf(BadTemplateException.class);
        assertThatThrownBy(() -> registry.put(FAILURE, OURS, new Expectation.Revision(7)))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThat(store.load()).isEmpty();
    }

    @Test
    void whatAnotherProcessStoredCountsAndWhatIsBrokenThereDoesNot() throws Exception {
        TemplateRegistry registry = registry();
        Templates templates = registry.wording().templates();

        store.put(FAILURE, "Subject: theirs\n\nx", ANY);
        store.put(DELAY, "broken", ANY);
        store.tell();

        assertThat(templates.names().stream().filter(name -> origin(registry.wording(), name) == Origin.RUNTIME))
                .containsExactly(FAILURE);
        assertThat(registry.stored()).containsOnlyKeys(FAILURE, DELAY);
        assertThat(templates.problems()).containsOnlyKeys(DELAY);
        assertThat(logged()).singleElement().asString().startsWith("The stored template delay is not used");
    }

    @Test
    void aStoreThatCannotBeReadForAMomentChangesNothing() throws Exception {
        TemplateRegistry registry = registry();
        Wording wording = registry.wording();
        registry.put(FAILURE, "Subject: mine\n\nx", ANY);

        store.trouble = new UnusableException("on purpose", null);
        store.tell();

        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.RUNTIME);
    }

    @Test
    void aStoreThatCouldNeverBeReadKeepsNoNotificationFromGoingOut() throws Exception {
        store.put(FAILURE, "Subject: mine\n\nx", ANY);
        store.trouble = new UnusableException("on purpose", null);
        TemplateRegistry registry = registry();
        Wording wording = registry.wording();

        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.BUILT_IN);
        assertThatThrownBy(registry::stored).isSameAs(store.trouble);
        assertThat(logged()).singleElement().asString().contains("on purpose");

        store.trouble = null;
        assertThat(registry.stored()).containsOnlyKeys(FAILURE);
        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.RUNTIME);
    }

    @Test
    void aStoreThatIsMendedCountsAsSoonAsItChanges() throws Exception {
        store.put(FAILURE, OURS, ANY);
        store.trouble = new UnusableException("on purpose", null);
        Wording wording = registry().wording();

        store.trouble = null;
        store.tell();

        assertThat(origin(wording, FAILURE)).isEqualTo(Origin.RUNTIME);
    }

    @Test
    void everyTemplateCanBeSeenWithASampleMail() throws Exception {
        TemplateRegistry registry = registry();
        for (TemplateName name : registry.wording().templates().names()) {
            Template template =
                    registry.wording().templates().find(name).orElseThrow().template();
            MimeMessage message = registry.preview(name, template);
            assertThat(message.getContentType()).as("%s", name).startsWith("multipart/report");
            assertThat(message.getHeader("To"))
                    .isEqualTo(List.of("<alice@example.org>").toArray());
        }
    }

    @Test
    void closingClosesTheStoreIfItWasOpened() {
        TemplateRegistry registry = registry();
        registry.close();
        assertThat(store.closed).isFalse();
        registry.wording();
        registry.close();
        assertThat(store.closed).isTrue();
    }
}
