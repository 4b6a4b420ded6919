/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jamesoutgoing.settings.OptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com,               example.com",
        "Example.COM,               example.com",
        "example.com.,              example.com",
        "' example.com ',           example.com",
        "localhost,                 localhost",
        "_x.example.com,            _x.example.com",
        "münchen.example,           xn--mnchen-3ya.example",
        "MÜNCHEN.example,           xn--mnchen-3ya.example",
        "xn--mnchen-3ya.example,    xn--mnchen-3ya.example",
        "XN--MNCHEN-3YA.Example,    xn--mnchen-3ya.example",
        "例え。テスト,                 xn--r8jz45g.xn--zckzah",
        "straße.example,            xn--strae-oqa.example",
        "*,                         *",
        "*.example.com,             *.example.com",
        "*.Example.COM.,            *.example.com",
        "*.münchen.example,         *.xn--mnchen-3ya.example",
        "*.com,                     *.com"
    })
    void everySpellingOfADomainIsOneName(String text, String name) { // RFC 5890 §2.3.2.1, RFC 4343
        assertThat(RouteName.parse(text)).isEqualTo(new RouteName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "*.",
                "**",
                "*.*",
                "*.*.example.com",
                "*example.com",
                "a.*.example.com",
                "example..com",
                ".example.com",
                "example.com..",
                "exa mple.com",
                "bob@example.com",
                "192.0.2.1",
                "[192.0.2.1]",
                "2001:db8::1",
                "example.com:25",
                "http://example.com"
            })
    void whatIsNoDomainIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> RouteName.parse(text))
                .isInstanceOf(OptionException.class)
                .hasMessage("'domain' is '" + text.trim() + "'; allowed: " + RouteName.ALLOWED);
    }

    @Test
    void aNameIsForOneDomainForThoseBelowItOrForEverything() {
        assertThat(RouteName.parse("example.com").isOneDomain()).isTrue();
        assertThat(RouteName.parse("*.example.com").isWildcard()).isTrue();
        assertThat(RouteName.parse("*.example.com").isOneDomain()).isFalse();
        assertThat(RouteName.parse("*").isDefault()).isTrue();
        assertThat(RouteName.parse("*").isWildcard()).isFalse();
        assertThat(RouteName.parse("*").isOneDomain()).isFalse();
    }
}
