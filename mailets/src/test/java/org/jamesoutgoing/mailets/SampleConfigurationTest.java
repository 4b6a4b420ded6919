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
import org.jamesoutgoing.routing.RouteOptions;
import org.junit.jupiter.api.Test;

/** What {@code conf/mailetcontainer.xml} has everybody begin with. */
class SampleConfigurationTest {

    private static final Pattern OURS =
            Pattern.compile("class=\"org.jamesoutgoing.mailets.OutgoingDelivery\">(.*?)</mailet>", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("<(\\w+)>([^<]*)</\\1>");
    /** The one that {@code ToRepository} before it has kept a copy of. */
    private static final String KEPT_BEFORE = "<mailet match=\"IsSenderInRRTLoop\" class=\"Null\"/>";

    private static String sample() throws Exception {
        return Files.readString(Path.of("../conf/mailetcontainer.xml"));
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
}
