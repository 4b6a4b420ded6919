/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import org.jamesoutgoing.backup.BackupServer;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.Exports;
import org.jamesoutgoing.service.OutgoingHealth;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.service.TemplateRegistry;

/**
 * What the classes of this JAR that James creates (mailets, matchers, webadmin routes, health checks) share with each
 * other: the services by queue, the static routes, limits and suspensions made at run time, and the templates of failure
 * messages.
 *
 * <pre>{@code
 * # extensions.properties
 * guice.extension.module=org.jamesoutgoing.guice.OutgoingModule
 * }</pre>
 *
 * <p>Without this line the mailets still work, and share the services with each other.
 */
public final class OutgoingModule extends AbstractModule {

    @Override
    protected void configure() {
        RunningJames.check();
        bind(RunningJames.class);
        bind(RouteRegistry.class).in(Scopes.SINGLETON);
        bind(ControlRegistry.class).in(Scopes.SINGLETON);
        bind(TemplateRegistry.class).in(Scopes.SINGLETON);
        bind(Exports.class).in(Scopes.SINGLETON);
        bind(OutgoingServices.class).in(Scopes.SINGLETON);
        bind(OutgoingHealth.class).in(Scopes.SINGLETON);
        bind(BackupServer.class).in(Scopes.SINGLETON);
    }
}
