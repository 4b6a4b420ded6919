/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jamesoutgoing.routing.BackupRecipients;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupDomainsTest {

    private final BackupDomains backup = new BackupDomains(StaticRoutes.of(
            List.of(
                    route("backup.example", Map.of("backup", "true", "backupRecipients", "any")),
                    route("b\u00fccher.example", Map.of("backup", "true")),
                    route("off.example", Map.of("backup", "false", "backupRecipients", "any")),
                    route("plain.example", Map.of("mode", "independent")),
                    route("*.backup.example", Map.of("mode", "independent"))),
            List.of()));

    @ParameterizedTest
    @ValueSource(strings = {"backup.example", "BACKUP.Example", "xn--bcher-kva.example", "B\u00dcCHER.example"})
    void theDomainOfABackupRouteIsFoundInAnySpelling(String domain) {
        assertThat(backup.find(domain)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sub.backup.example",
                "xbackup.example",
                "example",
                "backup.example.other",
                "off.example",
                "plain.example",
                "192.0.2.1",
                "[192.0.2.1]",
                "*",
                "*.backup.example",
                ""
            })
    void noOtherIs(String domain) {
        assertThat(backup.find(domain)).isEmpty();
    }

    @Test
    void theMainServerIsAskedWhereNobodySaysOtherwise() {
        assertThat(backup.find("backup.example").orElseThrow().recipients()).isEqualTo(new BackupRecipients.Any());
        assertThat(backup.find("xn--bcher-kva.example").orElseThrow().recipients())
                .isEqualTo(new BackupRecipients.Ask());
    }

    private static StaticRoute route(String name, Map<String, String> options) {
        return new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(options));
    }
}
