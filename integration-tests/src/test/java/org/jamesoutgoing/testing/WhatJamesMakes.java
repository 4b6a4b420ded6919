/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.util.List;

/** The classes that James makes: administrators write their names. They must load in every James, to say that it is the wrong one. */
public final class WhatJamesMakes {

    public static final List<String> NAMES = List.of(
            "org.jamesoutgoing.guice.OutgoingModule",
            "org.jamesoutgoing.health.OutgoingMailHealthCheck",
            "org.jamesoutgoing.hooks.BackupRecipientHook",
            "org.jamesoutgoing.hooks.OutgoingQueueHook",
            "org.jamesoutgoing.mailets.DeliveryStatusNotification",
            "org.jamesoutgoing.mailets.HasStaticRoute",
            "org.jamesoutgoing.mailets.OutgoingDelivery",
            "org.jamesoutgoing.mailets.OutgoingQueueIsFull",
            "org.jamesoutgoing.repository.DurableMailRepository",
            "org.jamesoutgoing.tasks.OutgoingTasks",
            "org.jamesoutgoing.webadmin.OutgoingRoutes");

    private WhatJamesMakes() {}
}
