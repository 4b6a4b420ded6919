/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamesoutgoing.routing.RouteOptions;
import org.junit.jupiter.api.Test;

/** What {@code conf/mailetcontainer.xml} has everybody begin with. */
class SampleConfigurationTest {

    private static final Pattern OURS =
            Pattern.compile("class=\"org.jamesoutgoing.mailets.OutgoingDelivery\">(.*?)</mailet>", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("<(\\w+)>([^<]*)</\\1>");
    /** The one that {@code ToRepository} before it has kept a copy of. */
    private static final String KEPT_BEFORE = "<mailet match=\"IsSenderInRRTLoop\" class=\"Null\"/>";

    private static final Path CONF = Path.of("../conf");

    private static String sample() throws Exception {
        return Files.readString(CONF.resolve("mailetcontainer.xml"));
    }

    /** RFC 5321 §6.3: a mail may pass a hundred servers; the service answers a mail loop with a DSN. */
    @Test
    void nothingIsDroppedInSilence() throws Exception {
        assertThat(sample().replace(KEPT_BEFORE, "")).doesNotContain("\"Null\"").doesNotContain("RelayLimit");
    }

    @Test
    void ourMailetHasOurSettingsAndWhatIsCommentedOutAreTheDefaults() throws Exception {
        Map<String, String> parameters = new TreeMap<>();
        OURS.matcher(sample()).results().forEach(mailet -> PARAMETER
                .matcher(mailet.group(1))
                .results()
                .forEach(parameter -> parameters.put(parameter.group(1), parameter.group(2))));
        assertThat(parameters)
                .containsEntry("outgoing", "outgoing")
                .containsEntry(
                        "resendDelays", RouteOptions.RESEND_DELAYS.builtIn().orElseThrow())
                .containsEntry(
                        "queueLifetime", RouteOptions.QUEUE_LIFETIME.builtIn().orElseThrow())
                .doesNotContainKeys(
                        "delayTime", "maxRetries", "maxDnsProblemRetries", "deliveryThreads", "sendpartial", "debug");
    }

    @Test
    void thePagesTableSaysOfEveryFileWhatItIsNeededFor() throws Exception {
        String page = Files.readString(CONF.resolve("README.md"));
        try (Stream<Path> files = Files.list(CONF)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .filter(name -> !name.endsWith(".md")))
                    .allSatisfy(name -> assertThat(page).containsPattern("(?m)^\\|[^|]*`" + Pattern.quote(name) + "`"));
        }
    }

    @Test
    void theFivePlacesToChangeAreMarkedWhereThePageSays() throws Exception {
        String page = Files.readString(CONF.resolve("README.md"));
        for (int place = 1; place <= 5; place++) {
            String row = page.lines()
                    .filter(Pattern.compile("^\\| " + place + " \\|").asPredicate())
                    .findFirst()
                    .orElseThrow();
            String mark = "Place " + place + " of 5";
            try (Stream<Path> files = Files.list(CONF)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    if (!name.equals("README.md")) {
                        assertThat(Files.readString(file).contains(mark))
                                .as("%s in %s", mark, name)
                                .isEqualTo(row.contains("`" + name + "`"));
                    }
                }
            }
        }
    }
}
