/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.smtp.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    private static final String MISSING = "JAMES_OUTGOING_NO_SUCH_VARIABLE";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "${env:HOME", "$env:HOME}", "env:HOME", "{file:x}", "pass file:word", "${HOME}"})
    void anyOtherTextIsThePasswordItself(String password) {
        assertThat(Secret.of(password).get()).isEqualTo(password);
    }

    @Test
    void aFileIsReadAnewEachTime() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "hunter2\n");
        Secret secret = Secret.of("file:" + file);
        assertThat(secret.get()).isEqualTo("hunter2");
        Files.writeString(file, " correct horse \r\n");
        assertThat(secret.get()).isEqualTo("correct horse");
        Files.delete(file);
        assertThatThrownBy(secret::get).isInstanceOf(UncheckedIOException.class);
        Files.writeString(file, "again");
        assertThat(secret.get()).isEqualTo("again");
    }

    @Test
    void anEnvironmentVariableIsRead() {
        Map.Entry<String, String> variable = System.getenv().entrySet().stream()
                .filter(entry -> entry.getKey().matches("\\w+"))
                .findAny()
                .orElseThrow();
        assertThat(Secret.of("${env:" + variable.getKey() + "}").get()).isEqualTo(variable.getValue());
    }

    @Test
    void whatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> Secret.of("${env:" + MISSING + "}").check(RouteOptions.PASSWORD))
                .isInstanceOf(OptionException.class)
                .hasMessage("'gatewayPassword' cannot be had: the environment variable " + MISSING
                        + " is not set; allowed: the password itself, ${env:NAME} or file:path");
        assertThatThrownBy(
                        () -> Secret.of("file:" + directory.resolve("nowhere")).check(RouteOptions.PASSWORD))
                .isInstanceOf(OptionException.class)
                .hasMessage("'gatewayPassword' cannot be had: the file " + directory.resolve("nowhere")
                        + " cannot be read; allowed: the password itself, ${env:NAME} or file:path");
    }

    @Test
    void connectionsAreSharedByWhatIsWrittenEqually() {
        assertThat(Secret.of("file:a")).isEqualTo(Secret.of("file:a")).isNotEqualTo(Secret.of("file:b"));
    }

    @Test
    void itIsNeverShown() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "hunter2");
        for (String spec : new String[] {"hunter2", "file:" + file}) {
            Secret secret = Secret.of(spec);
            assertThat(secret).hasToString("***");
            assertThat(Credentials.password("user", secret).toString()).doesNotContain("hunter2");
        }
    }
}
