/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamesoutgoing.dsn.reason.Cause;
import org.jamesoutgoing.dsn.reason.Diagnosis;
import org.junit.jupiter.api.Test;

/**
 * {@code conf/outgoing-templates}: what is told there is so. With {@code -Dgolden.write=…} (see GoldenDsnTest) the tables
 * and the copies of the built-in templates are written anew.
 */
class AdministratorsFilesTest {
    private static final boolean WRITE = System.getProperty("golden.write") != null;

    private final Path directory = directory();

    private static Path directory() {
        Path here = Path.of("").toAbsolutePath();
        Optional<Path> found = Stream.iterate(here, path -> path != null, Path::getParent)
                .map(path -> path.resolve("conf/outgoing-templates"))
                .filter(Files::isDirectory)
                .findFirst();
        assumeTrue(found.isPresent(), "the tests run outside of the project");
        return found.orElseThrow();
    }

    private static String table(Variable.Scope scope) {
        return Variable.TABLE.stream()
                .filter(variable -> variable.scope() == scope)
                .map(variable -> "| `" + use(variable) + "` | " + variable.meaning() + " |\n")
                .collect(Collectors.joining("", "| variable | meaning |\n|---|---|\n", ""));
    }

    private static String use(Variable variable) {
        return (variable.type() == Variable.Type.TEXT ? "{{" : "{{#") + variable.name() + "}}";
    }

    private void holds(String part, String content) throws IOException {
        Path file = directory.resolve("README.md");
        String readme = Files.readString(file, UTF_8);
        String begin = "<!-- " + part + " -->\n";
        int start = readme.indexOf(begin) + begin.length();
        int end = readme.indexOf("<!-- /" + part + " -->");
        if (WRITE) {
            Files.writeString(file, readme.substring(0, start) + content + readme.substring(end), UTF_8);
        } else {
            assertThat(readme.substring(start, end)).isEqualTo(content);
        }
    }

    @Test
    void allVariablesAreExplained() throws Exception {
        holds(
                "variables",
                "Everywhere:\n\n" + table(Variable.Scope.MAIL)
                        + "\nBetween `{{#recipients}}` and `{{/recipients}}` also:\n\n"
                        + table(Variable.Scope.RECIPIENT));
    }

    @Test
    void allReasonsAreNamed() throws Exception {
        Phrasebook english = new Phrasebooks(Optional.empty()).in(Language.ENGLISH);
        holds(
                "reasons",
                Arrays.stream(Cause.values())
                        .map(cause -> "| `" + cause.key() + "` | "
                                + english.explain(new Diagnosis(cause, false), "someone@example.com")
                                        .reason()
                                + " |\n")
                        .collect(Collectors.joining("", "| reason | in English |\n|---|---|\n", "")));
    }

    @Test
    void theTemplatesAreTheBuiltInOnes() throws Exception {
        BuiltInTemplates builtIn = new BuiltInTemplates();
        for (TemplateName name : builtIn.names()) {
            Path file = directory.resolve(name + ".mustache");
            String source = builtIn.find(name).orElseThrow().source();
            if (WRITE) {
                Files.writeString(file, source, UTF_8);
            }
            assertThat(file).hasContent(source);
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> templates =
                    files.filter(file -> file.toString().endsWith(".mustache")).toList();
            assertThat(templates).hasSameSizeAs(builtIn.names());
        }
    }

    @Test
    void theExampleIsATemplateWithAllThatItCanHave() throws Exception {
        RenderedText words = Template.validate(Files.readString(directory.resolve("examples/failure.mustache"), UTF_8))
                .fill(SampleValues.all());

        assertThat(words.from()).contains("Mail service of Example Inc. <postmaster@example.org>");
        assertThat(words.replyTo()).isPresent();
        assertThat(words.html().orElseThrow()).contains("<b>Lunch &amp; &quot;dinner&quot; &lt;today&gt;</b>");
    }
}
