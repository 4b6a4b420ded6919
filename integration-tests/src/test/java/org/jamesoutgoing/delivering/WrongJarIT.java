/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The JAR for James 3.9 ends the start of this James 3.8 with one line that names the other. */
class WrongJarIT {

    private static final String NAME =
            Repository.dropInJarForJames39().getFileName().toString();
    private static final String LINE = NAME + " is for James 3.9, and this is James 3.8: put "
            + Repository.dropInJar().getFileName() + " in its place in extensions-jars/";

    /** Nothing comes to ask it. */
    private static final FileSystem NO_FILES = (FileSystem) Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> null);

    private final JamesLog log = new JamesLog();

    @BeforeEach
    void listen() {
        log.listen();
    }

    @AfterEach
    void stopListening() {
        log.stopListening();
    }

    @Test
    void theMailetAloneSaysSo() {
        assertEndsWithTheLine(
                catchThrowable(() -> JamesServer.start(JamesSetup.james().dropInJar(Repository.dropInJarForJames39()))
                        .close()));
    }

    @Test
    void theModuleSaysSo() {
        assertEndsWithTheLine(catchThrowable(() -> JamesServer.start(JamesSetup.james()
                        .withExtensionLines()
                        .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                        .dropInJar(Repository.dropInJarForJames39()))
                .close()));
    }

    /** Whichever is the first that James makes. */
    @ParameterizedTest
    @FieldSource("org.jamesoutgoing.testing.WhatJamesMakes#NAMES")
    void everyClassThatJamesMakesSaysSo(String name) throws Exception {
        Injector james = Guice.createInjector(binder -> {
            binder.bind(MailRepositoryUrl.class).toInstance(MailRepositoryUrl.from("durable://var/mail/waiting"));
            binder.bind(FileSystem.class).toInstance(NO_FILES);
        });
        try (URLClassLoader extensions = new URLClassLoader(
                new URL[] {Repository.dropInJarForJames39().toUri().toURL()})) {
            Class<?> type = extensions.loadClass(name);
            assertEndsWithTheLine(catchThrowable(() -> {
                if (james.getInstance(type) instanceof Module module) {
                    james.createChildInjector(module);
                }
            }));
        }
    }

    private void assertEndsWithTheLine(Throwable thrown) {
        assertThat(thrown).isNotNull();
        assertThat(JamesLog.causes(thrown)).as("the exception").anyMatch(message -> message.contains(LINE));
        assertThat(log.lines()).as("lines of the log").containsOnlyOnce(LINE);
    }
}
