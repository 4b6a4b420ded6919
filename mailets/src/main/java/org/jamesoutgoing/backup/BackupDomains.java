/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import java.util.Optional;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.routing.BackupRecipients;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.routing.StaticRoutes;

/** Which domains this server is a backup mail server for: those that a backup route names, and no other. Immutable. */
record BackupDomains(StaticRoutes statics) {

    /**
     * A domain this server is a backup for, and for whom there.
     *
     * @param name of its route
     */
    record BackupDomain(RouteName name, BackupRecipients recipients) {}

    /** The backup route of exactly this domain, in any spelling; not that of a domain above or below it. */
    Optional<BackupDomain> find(String domain) {
        return DomainNames.canonical(domain)
                .map(RouteName::new)
                .flatMap(statics::get)
                .filter(route -> route.values().get(RouteOptions.BACKUP).orElse(false))
                .map(route -> new BackupDomain(
                        route.name(),
                        route.values().get(RouteOptions.BACKUP_RECIPIENTS).orElseGet(BackupRecipients.Ask::new)));
    }
}
