/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jamesoutgoing.dsn.ReturnLimits;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.service.NotificationSettings;
import org.jamesoutgoing.service.NotificationSettings.Author;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DSNBounce's parameters, and ours. */
class NotificationReaderTest {

    private static NotificationReader read(String... namesAndValues) {
        return NotificationReader.read(Read.config(namesAndValues), "here.test");
    }

    private static NotificationSettings settings(String... namesAndValues) {
        return read(namesAndValues).settings();
    }

    @Test
    void withoutParametersItIsAFailureAsTheServiceTellsItAndTheMailGoesOn() {
        NotificationSettings settings = settings();

        assertThat(settings.kind()).isEqualTo(DsnKind.FAILURE);
        assertThat(settings.author()).isEqualTo(new Author.OfTemplate());
        assertThat(settings.defaultStatus()).isEmpty();
        assertThat(settings.subjectPrefix()).isEmpty();
        assertThat(settings.introduction()).isEmpty();
        assertThat(settings.returned()).isEqualTo(ReturnLimits.DEFAULT);
        assertThat(settings.languages()).isEmpty();
        assertThat(settings.host()).isEqualTo("here.test");
        assertThat(read().passThrough()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "failed, FAILURE",
        "Delayed, DELAY",
        "DELIVERED, DELIVERED",
        "expanded, EXPANDED",
        "relayed, SUCCESS",
    })
    void everyActionOfRfc3464(String action, DsnKind kind) {
        assertThat(settings("action", action).kind()).isEqualTo(kind);
    }

    @Test
    void passThroughAndDebugAreFlags() {
        assertThat(read("passThrough", "false", "debug", "true").passThrough()).isFalse();
        assertThat(read("passThrough", "TRUE", "debug", "false").passThrough()).isTrue();
    }

    @Test
    void languagesAndTheNameOfThisServerAreWrittenAsForTheService() {
        NotificationSettings settings = settings("dsnLanguages", "fr, de-ch", "heloName", "mx.here.test");

        assertThat(settings.languages()).extracting(Language::tag).containsExactly("fr", "de-ch");
        assertThat(settings.host()).isEqualTo("mx.here.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "Message", "all", "body", "unaltered"})
    void whatDsnBounceTakesForTheWholeMessageIsIt(String attachment) {
        assertThat(settings("attachment", attachment).returned().unasked()).isEqualTo(ReturnLimits.DEFAULT.full());
    }

    @Test
    void theSenderMayBeAWordOrAnAddressWithItsName() {
        assertThat(settings("sender", "Postmaster").author()).isEqualTo(new Author.Postmaster());
        assertThat(settings("sender", "sender").author()).isEqualTo(new Author.OriginalSender());
        assertThat(settings("sender", "unaltered").author()).isEqualTo(new Author.OriginalSender());
        assertThat(settings("sender", "Mail service <ms@here.test>").author())
                .isEqualTo(new Author.Given("Mail service <ms@here.test>"));
    }

    @Test
    void anUnknownStatusIsNoneAndOneThatDoesNotGoWithTheActionIsNotUsed() {
        assertThat(settings("defaultStatus", "unknown").defaultStatus()).isEmpty();
        assertThat(settings("defaultStatus", "5.1.6").defaultStatus()).contains("5.1.6");
        assertThat(settings("defaultStatus", "4.4.7").defaultStatus()).contains("4.4.7");
        assertThat(settings("action", "delayed", "defaultStatus", "5.0.0").defaultStatus())
                .isEmpty();
        assertThat(settings("action", "delivered", "defaultStatus", "2.0.0").defaultStatus())
                .contains("2.0.0");
    }

    /** As James's own documentation of DSN has it. */
    @Test
    void theParametersOfJamessSampleAreUnderstood() {
        assertThatCode(() -> settings(
                        "prefix", "[FAILED]",
                        "passThrough", "true",
                        "messageString", "Hi. This is the James mail server at [machine].\nSorry, it did not work out.",
                        "action", "failed",
                        "defaultStatus", "5.0.0",
                        "onMailetException", "ignore"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "action | fail | failed, delayed, delivered, expanded, relayed",
                "attachment | headers | message, heads, none",
                "defaultStatus | 5 | a status code such as 5.0.0 (RFC 3463), or unknown",
                "defaultStatus | 3.0.0 | a status code such as 5.0.0 (RFC 3463), or unknown",
                "defaultStatus | 5.01.0 | a status code such as 5.0.0 (RFC 3463), or unknown",
                "sender | null | postmaster, sender, unaltered, or one address",
                "sender | a@here.test, b@here.test | postmaster, sender, unaltered, or one address",
                "passThrough | yes | true or false",
                "debug | 1 | true or false",
                "dsnLanguages | english! | language tags separated by commas, such as de, fr",
                "heloName | two words | a host name",
            })
    void aWrongValueIsRefusedInOneLine(String name, String value, String allowed) {
        assertThatThrownBy(() -> settings(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter '" + name + "' is '" + value + "'; allowed: " + allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "messagestring, messageString",
        "status, 'attachment', ''",
        "attachement, attachment",
        "pasThrough, passThrough",
        "dsnLanguage, dsnLanguages",
    })
    void anUnknownParameterStopsTheStartWithTheNearestKnownName(String unknown, String near) {
        assertThatThrownBy(() -> Notifying.with(unknown, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DeliveryStatusNotification: unknown parameter '" + unknown + "'")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
                .satisfies(e -> {
                    if (!unknown.equals("status")) {
                        assertThat(e.getMessage()).endsWith("; did you mean '" + near + "'?");
                    }
                });
    }
}
